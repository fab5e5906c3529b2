/** Host names for URL. Tables for names that are not ASCII take longer to evaluate than most programs run, so they are loaded on demand. */
export function toASCII(name, options) {
  if (/^[\x21-\x7e]*$/.test(name) && !/xn--/i.test(name)) return name.toLowerCase();
  return require('tr46/index.js').toASCII(name, options);
}
