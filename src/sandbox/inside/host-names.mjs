/** Host names for URL. The tables for names that are not ASCII take longer to evaluate than a usual program runs: only such names need them. */
export function toASCII(name, options) {
  if (/^[\x21-\x7e]*$/.test(name) && !/xn--/i.test(name)) return name.toLowerCase();
  return require('tr46/index.js').toASCII(name, options);
}
