/** Any of these opens the line in which Node or Python says why it ended. Node prints the place before it and its version after it. */
const REASON = /^(?:Fatal )?\w*Error(?: \[\w+\])?: /i;
const LONGEST = 300;

/** What a child process wrote to stderr before it ended, cut to what fits a message: the line of its error, else the last three lines. */
export function reasonIn(lastWords: string): string {
  const lines = lastWords.trim().split('\n');
  return (lines.findLast((line) => REASON.test(line)) ?? lines.slice(-3).join(' ')).slice(0, LONGEST);
}
