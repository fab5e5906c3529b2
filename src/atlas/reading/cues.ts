/** Words that say what is done with the amounts. The text is in lower case; things stand as `§0`, numbers as `#0`. */

/** Any of the words; `_` stands for a space, and a part may be a pattern. */
export const words = (...lists: readonly string[]): RegExp =>
  new RegExp(`\\b(?:${lists.join(' ').trim().split(/\s+/).join('|').replaceAll('_', ' ')})\\b`);

export const LESS = words(
  'less fewer smaller shorter lower shallower narrower lighter littler under below short_of',
  'least smallest shortest lowest shallowest fewest tiniest minimum',
);
export const MORE = words(
  'more over above greater larger bigger longer taller higher deeper wider older crowded denser upwards most',
  'further farther beyond past top tops exceeds? exceeded exceeding reach reaches outnumbers? beats? at_least',
);
export const EARLY = words(
  'first earlier earliest older oldest elder eldest before sooner already prior predates? precede[sd]?',
);
export const LATE = words('last later latest after younger youngest newer newest recent recently postdates? still yet');
export const PERCENT =
  /\b(?:per ?cent|percent|percentages?|pct|proportion|share|fraction)\b|%|\b(?:of|out of) every (?:#|hundred\b)/;
/** "I mean" asks for no mean. */
export const MEAN =
  /\b(?:averages?|(?<!\b(?:i|you|we|they|that|does|do|did|the|this|to) )mean(?! by)|the mean|midpoint|midway|half ?way)\b|\bsum\b.*\bdivided by (?:two|2|three|3)\b/;
export const RATIO = new RegExp(
  [
    words('times ratio multiple quotient fold factor divided? go(?:es)?_into fits? end_to_end_across').source,
    '\\bfor (?:every|each) (?:person|inhabitant|one|§)',
    '\\bhow many [^?]*\\bside by side\\b|\\bhow many #\\d+ \\w+s\\b',
    '\\bhow many (?:of (?:them|these|those) )?(?:do|would|will) (?:you|i|we|one) need\\b|\\bhow many (?:(?!hour|day|minute|week|year|second)\\w+ )?(?:would|does|will) it take\\b',
    '\\bone (?:§?\\w+ )?(?:in|out of) how many\\b|\\bcopies of (?:the )?§|§\\d+(?: \\w+)? ?\\/ ?(?:the )?§|\\bhow many such\\b',
    '\\bhow many (?:(?:complete|whole|full|entire) )?§',
  ].join('|'),
);
export const PRODUCT = /\bmultipl(?:y|ied|ying)\b|\bproduct\b/;
export const SUM = new RegExp(
  [
    words(
      'sum total totals combined? together altogether add added plus jointly overall both put aggregate',
      'stack stacked stacking piled merged? end_to_end in_all come_to',
    ).source,
    '\\+',
    '\\bhow many protons\\b[^?]*\\b(?:contain|have|has|in|hold|make|is that|are that|are there)\\b',
    '\\b(?:were|was|became|as) one (?:city|country|state|lake|river|block|unit)\\b',
    '\\bhave\\b[^?]*\\bbetween them\\b',
  ].join('|'),
);
export const DIFFERENCE = words(
  'differences? differs? diff gap subtract minus apart separates? between margin versus vs compared?',
  'more fewer less extra longer taller higher deeper wider larger bigger shorter lower smaller shallower clear',
  'older younger later earlier sooner before after since passed elapsed precede[sd]? outlive[sd]? survive[sd]?',
  'outside excluding except without other_than not_in not_live elsewhere apart_from leaving_out stick_out sticks_out',
  'over(?=_(?:the_)?§) exceeds? outnumbers? left remain missing lacks? above below short_of clear_of level_with far_off away ahead behind clearance',
);

const SUPERLATIVE = '(?:short|long|tall|high|deep|low|small|larg|bigg|old|young|few|great|earli|lat)est';
/** A number that is not whole becomes the next one, or the one before. */
export const UPWARDS =
  /\bround(?:ed|ing)? (?:it |that )?up\b|\bas a (?:full|whole)\b(?! number)|\b(?:smallest|least|minimum) number\b|\bon (?:which|what) (?:number )?day\b|\bhow many\b.*\b(?:until|till|before|to (?:get|be|reach|exceed|beat|match|top|touch))\b.*(?:\b(?:than|at least|as (?:high|tall|long|big)|up to)\b|\breach|\btouch|\bexceed|\b(?:beat|match|top) )/;
export const DOWNWARDS =
  /\bround(?:ed|ing)? (?:it |that )?down\b|\b(?:many|how often) (?:(?:whole|complete|full|entire) §|(?:complete|entire|full) \w+s\b)|\bwhole (?:ones|\w+s only)\b|\bfit whole\b/;
/** What was said denies something. */
export const NEGATED =
  /\b(?:is|are|was|were|does|do|did|has|have|ca|could)(?:n['’]?t| not)\b(?! (?:it|he|she|they)\b)|\bnot (?:even|quite)\b|\bnever\b/;

/** Asks for one of several by name. */
export const CHOICE = new RegExp(
  [
    `\\b${SUPERLATIVE}\\b`,
    '(?<!\\b(?:in|by|at|of) )\\bwhich\\b(?! (?:year|century)\\b)',
    '^most \\w+(?: of)?\\b|\\bmost (?:populous|populated|people|inhabitants)\\b',
    '\\bwhich (?:of|one|city|country|state)\\b',
    words(
      'the_one_with_the whos who whose or the_one_in one_of name_the top_one whos people_where where_do_(?:more|fewer) what_(?:came|element|river|country|city|state|mountain|lake|building) most_recently',
    ).source,
    '\\bthe (?:first|last)(?= ?[:,.])|\\bthe middle one\\b',
  ].join('|'),
);
export const COUNTED = /\bhow many\b|\bnumber of\b|\bcount\b/;
/** An amount that is drawn or built smaller. */
export const SCALED = /\bmaps?\b|\bscale\b|\bstands? for\b|\brepresents?\b/;

/** "Is he right?", "True?" and "Does it?" ask whether what was said before is so. */
export const TAG = new RegExp(
  `^(?:${[
    "(?:(?:but |and |so )?(?:is|was|are|were)(?:n't)? (?:he|she|it|that|this|they)\\b(?! true that)[^§]{0,40})",
    '(?:is|was|are) (?:my \\w+|the \\w+|\\w+) (?:right|correct|wrong|true)',
    '(?:does|do|did) (?:he|she|they|i) (?:have|get|got) (?:it|that) right',
    '(?:does|did|do|has|have|can|could) (?:it|he|she|they)',
    '(?:do|did|does) (?:we|i|they|he|she) (?:deserve|get|earn|win)\\b[^§#]*',
    'does (?:that|this|the) [^§]{0,20}',
    "[^§]*\\b(?:is|does|do|did|has|was|are|were)n['’]?t (?:it|he|she|they)",
    '(?:am|was) i (?:right|correct|wrong)|is that so|(?:it|this|that) is (?:true|right|correct)',
    'can i (?:let|print|write|say|keep|leave) (?:it|that|this)\\b[^§]*|[^§#]*\\byes or no',
    'true|correct|right|yes|yes or no|fact or not|do i owe \\w+|is this [^§]{0,30}',
  ].join('|')})[?. ]*$`,
);
const LEAD = '(?:(?:and|but|so|ok|okay|well|now|please|hey|hi|hello|yo|um|er)[, ]+)*';
const ASKED_POLITELY = '(?:(?:can|could|would) (?:you|u) (?:please )?tell me (?:if |whether )?)?';
const YES_NO_VERB = '(?:is|are|was|were|did|do|does|has|have|had|can|could|would|will)\\b(?! (?:you|u|we|they|i)\\b)';
export const YES_NO = new RegExp(
  [
    `(?:^|[:,] |\\.\\.\\. (?:no wait, )?)${LEAD}${ASKED_POLITELY}${YES_NO_VERB}`,
    '\\bwhether\\b(?! (?:you|u)\\b)',
    '\\btell me if\\b|\\bcould (?:you|one|we) (?:sink|hide|fit|put|submerge)\\b',
    '^(?:if|suppose|assuming|imagine)\\b[^?]*[,.] (?:would|will|could|can|is|are|does|do|did)\\b',
    '\\b(?:yes|true)(?: or |\\/)(?:no|false)\\b',
    '\\bor not\\b|\\bsay yes\\b|\\banswer yes\\b',
    "\\b(?:is|does|do|did|has|was|are|were)n['’]?t (?:it|he|she|they)\\?",
    ', ?(?:right|correct|true|yes|eh|innit)\\?$',
    '\\bsame (?:\\w+ ){0,2}year\\?',
    '\\bcan i (?:write|say|claim|print) that\\b',
  ].join('|'),
);
/** The part that asks, behind a colon: "But how stands it with France: is Ukraine larger than France?" */
export const BEHIND_COLON = /^.*: ((?:is|was|are|were|did|does|do|has|have) [^:]*§[^:]*§[^:]*)$/;

export const isOperating = (text: string): boolean =>
  [PERCENT, MEAN, RATIO, PRODUCT, SUM, DIFFERENCE].some((sign) => sign.test(text));
