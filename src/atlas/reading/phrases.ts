/**
 * Turns of speech said in the words that the rules look for. Names stand as marks, `§0`.
 *
 * @module
 */
const PHRASES: readonly [RegExp, string][] = [
  [/\b(?:been|made|be|become) (?:a|one of the) (?:us |american )?states?\b/g, 'joined'],
  [/\bwho (?:first )?(?:made|built|created|thought|dreamt|dreamed)\b(?: up)?/g, 'who invented'],
  [/\b(?:come|came|comes) into (?:the|this) world\b|\bfirst saw the light\b/g, 'born'],
  [/\b(?:saw|see) (?:its|the) first (?:ascent|climb)\b/g, 'was climbed'],
  [/\bhead ?count\b|\bhow (?:populous|populated)\b/g, 'population'],
  [/\bat (?:its|the) \w+est (?:point|part|spot)\b/g, ''],
  [/\bin all\b/g, 'together'],
  [/\bdivided? (?=.*§0.*\bby\b)/g, 'ratio of '],
  [/\b(?:the )?radius\b/g, 'half the diameter'],
  [/\byrs?\b/g, 'years'],
  [/(§\d) (?:stood|stands|were|was|is|put|sat)?(?: \w+)? ?on top of (?=(?:the )?§)/g, '$1 plus '],
  [/\bpass(?:ed|es)? away\b/g, 'died'],
  [/\bhow often\b/g, 'how many times'],
  [/\b(?:only )?the top one\b/g, 'the largest'],
  [/^((?:the )?\w+ of (?:the )?§0),? it is (?=\w+ than)/g, 'is $1 '],
  [/\bthe one of(?= (?:the )?§)/g, 'of'],
  [/\bmore (short|long|tall|high|low|deep|large|small|old|young|new)\b/g, '$1er'],
  [/\b(?:tops?|beats?|dwarfs?|overshadows?|towers? (?:over|above)|rises? above)(?= (?:the )?§)/g, 'exceeds'],
  [/\bwas (§\d) alive\b/g, 'did $1 live'],
  [/\blife (?:end|ended|over)\b/g, 'die'],
  [/\belement number\b/g, 'atomic number'],
  [/\bwho (?:gave us|do we owe|do we have to thank for)\b/g, 'who invented'],
  [/\bhow far down\b/g, 'how deep'],
  [/\bhow far\b(?=.*\b(?:flow|run|stretch|go))/g, 'how long'],
  [/\b(?:whose (?:invention|idea|creation|brainchild)|credited with)\b/g, 'who invented'],
  [/\b(?:mind|brains?|father|pioneer|originator) (?:behind|of)\b/g, 'inventor of'],
  [/\b(?:out(?:live|last)|survive)[sd]?(?= (?:the )?§)/g, 'died later than'],
  [/\bwho (?:died later than|died last)\b/g, 'who died later'],
  [/\bpredate[sd]?\b|\bprecede[sd]?\b/g, 'earlier than'],
  [/\bpostdate[sd]?\b/g, 'later than'],
  [/\b(?:what|how long) (?:was|is) (?:the )?(?:life ?span|life)\b/g, 'how old'],
  [/\b(?:in|at|by) (?:the )?summit of\b|\b(?:summit|top|peak) of(?= (?:the )?§)/g, 'of'],
];
export function inKnownWords(text: string): string {
  return PHRASES.reduce((said, [phrase, meant]) => said.replace(phrase, meant), text);
}
