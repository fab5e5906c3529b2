/** The words in which people ask about the atlas, and the one form of each that rules look for. */
import { isNear, isSwapped } from './spelling';

/** Other words for the same; keys are what rules look for. Inflections are spelled out, so that nothing is guessed. */
const SYNONYMS: Record<string, string> = {
  area: 'area areas surface territory size sizes landmass acreage land ground footprint extent expanse space sized dimensions coverage spread spreads',
  population: 'population populations populace headcount census pop count',
  people:
    'people inhabitants inhabitant residents resident citizens citizen folks folk persons souls live lives living dwell reside inhabited home humans locals dwellers dweller inhabits inhabiting populate populates peopled human beings occupants heads ppl peeps individuals individual',
  height:
    'height heights elevation altitude tall high rise rises stand stands tallness soar soars vertical elevated towers stature loftiness tallest highest loftiest',
  length:
    'length lengths flow flows run runs stretch stretches winding winds wind meanders meander extends extend course far distance',
  depth: 'depth depths deep down deepest bottom floor plunge plunges descend descends drop drops',
  diameter: 'diameter wide width across breadth broad thick thickness',
  large: 'large big huge vast spacious largest biggest',
  long: 'long longest',
  larger:
    'larger bigger greater vaster exceed exceeds exceeded outsize outsizes outnumber outnumbers outnumbered surpass surpasses surpassed wider broader huger roomier extensive ahead',
  taller: 'taller higher loftier overtops tops',
  longer: 'longer',
  deeper: 'deeper',
  populous: 'populous populated crowded peopled most',
  smaller:
    'smaller littler shorter lower shallower less fewer tinier lesser narrower under smallest lowest shortest shallowest fewest least',
  older: 'older elder earlier sooner predate predates predated precede precedes preceded prior',
  later:
    'later younger after latter following since postdate postdates outlive outlived outlives outlasted outlast survive survived survives newer',
  first: 'first before',
  more: 'more extra additional larger',
  than: 'than over',
  difference:
    'difference differences delta differ gap subtract minus separate separates separating apart discrepancy margin contrast deficit surplus disparity divide elapsed elapse lie lies passed pass lay',
  times: 'times ratio divide divided multiple fold factor quotient',
  percent: 'percent percentage percents pct proportion share fraction',
  average: 'average averages mean averaged averaging arithmetic',
  total:
    'total totals sum combined combine together altogether add added plus jointly overall stack stacked put laid joint aggregate collective collectively summed tally cumulative merged both pooled sums',
  capital: 'capital capitals capitol seat government administrative',
  inventor: 'inventor inventors creator brainchild father mind brain brains behind credited credit originator pioneer',
  invented:
    'invented invent invents invention devised created conceived came inventing patented patent made originate originated originates developed develop creation create appear appeared introduced introduce date dates dating idea dreamt dreamed thought',
  born: 'born birth birthday birthyear birthdate birthdays births',
  died: 'died die dies death dead deceased passing passed perish perished demise deathyear outlive outlived outlives deaths dying pass away passes',
  age: 'age aged old',
  climbed:
    'climbed climb ascended ascent summit summited scaled conquered top reach reached climbing ascents mountaineers mountaineer mountaineering climbers climber conquest conquer scaling topped set attained ascend ascending',
  completed:
    'completed completion finished finish built opened constructed complete done ready completing erected erect inaugurated inaugurate constructing construction dates dating raised ended unveiled finishing finalized open opens opening',
  discovered:
    'discovered discovery discover found find isolated discovering discoverer identified identify detected detect known',
  state:
    'statehood became become join joined joins admitted admission union enter entered member admit ratified ratify accede acceded joining entering entry entrance becoming gain gained gains acquire acquired',
  atomic: 'atomic periodic protons proton',
  density: 'density dense densely densities crowding',
  miles: 'miles mile mi',
  kilometers: 'kilometers kilometer kilometres kilometre km kms',
  meters: 'meters meter metres metre',
  feet: 'feet foot ft',
  yards: 'yards yard',
  acres: 'acres acre',
  square: 'square sq squared',
  inch: 'inch inches',
  centimeter: 'centimeter centimeters centimetre centimetres cm',
  map: 'map maps scale',
  hour: 'hour hours hourly kph kmh mph h hr hrs',
  who: 'who whom whose',
  when: 'when wen',
  year: 'year years yr yrs',
  which: 'which between of',
  or: 'or',
};

/** Words that say nothing here. */
const PLAIN =
  'fall falls require required days day shared share composer painter scientist physicist chemist writer author poet novelist engineer president explorer singer actress actor taken write heads himself herself itself themselves multiplied multiply multiplying atom crore lakh killed assassinated order turn turning turned a an the and is are was were be been do does did has have had can could would will what whats how many much in on at to for from by with that this these those it its it there tell me give name please know want say you your my i we they them as so also just about exactly nearest integer whole number rounded round decimal place places one two three four decimals does covers cover take takes took get got gets if then when where each per up down out us city country river lake mountain mount mt peak building tower planet element chemical person man woman invention states countries cities rivers lakes mountains buildings table people s lie state lies both all its his her he she their him going come go far way amount figure value long called inventing lived life lifetime reaching time question answer show compute calculate work worked tell need needed full whole entire distance boat barge ship sail sailing sails travel travels travelling traveling moves move moving speed represents represent stands stood drawn paper uses yes no true correct does earth world put one another other neighbour neighbor last along versus vs against compared compare comparing roughly approximately currently today nowadays present actual official famous fully alone above below sea level nautical ground tip base equal equals result value hold holds house houses contain contains consist make makes made let us see find out who possess possesses having measured measure measures measuring expressed express unit units given asked ask wonder wondering curious hi hello hey call calls convert converted end thanks ok okay really exact precise precisely per there total than only even still ever into onto off back again hows im ive id lets dont doesnt isnt side next while though because therefore either neither any some such same like kind type sort not figures fact facts info information data detail details statistic statistics stats quick quickly simple simply easy trivia quiz homework school kid student teacher help should might may must shall ought being getting gotten making think believe guess suppose imagine assume assuming consider considering note remind check recall remember forgot look looking search provide report list says said speak speaking term terms regarding concerning respect case point points late great dear fellow here thus hence well very actually already yet once twice during until till since within without among amongst amid around near beside besides across upon toward towards through throughout via t re ve ll m d whether whichever whatever became scientist physicist composer painter writer author president mathematician chemist astronomer poet novelist artist leader musician nurse pilot activist engineer explorer gentleman lady guy fella stick sticks stuck word words form numeral nation nations republic metropolis town towns stream streams waterway waterways summit peaks mountaintop loch reservoir skyscraper skyscrapers structure structures monument landmark dam bridge device gadget machine metal gas substance water waters american british french german english european african asian globe start starts begin began beginning ends ending span spans spanned period mark marks clock working finally mankind humankind humanity anyone anybody somebody someone everyone everybody nobody fit fits goes gone puts putting lay laid doing done worth keep keeps own owns owned boast boasts feature features amounts comes comparison relative relation respectively instead rather quite further furthest closest almost nearly approx circa most youngest oldest serve serves serving served acts act means correspond corresponds function functions role located lies sits situated max maximum maximal min minimum greatest head count counts ve got source mouth saw see seen true false among these those two three correct right fill filled exact kids bit lot lots tell tells told shown show shows cross crossing whose wanted wants interested interest curious ask asks rank ranks ranked relatively comparatively bring brings brought stated named names title titled whom originally official officially recognized recognised usa america united successful successfully point spot part alive reached got achieve achieved gave given owe owes own thank thanks good morning afternoon evening grateful appreciate obliged kindly kind sir madam plz pls please cheers mate sorry pardon forgive excuse honest honestly comma item exercise nr no yes three four five six seven eight nine ten dozen twelve twenty thirty forty fifty sixty seventy eighty ninety equator remain remains remaining tenth hundredth thousandth tens hundreds thousands millions billions hundred thousand million billion century zero half twice double triple hectares hectare least past beyond reach reaches dp same digits digit decimals come wat wot wut turn turns turned folks counting ago fine enough radius yo already dead isn aren wasn weren doesn didn don hasn haven couldn wouldn won belong belongs rewrite governed equally evenly';

const FORM = new Map<string, string>();
for (const [form, words] of Object.entries(SYNONYMS))
  for (const word of words.split(' ')) if (!FORM.has(word)) FORM.set(word, form);
const KNOWN = new Set([...FORM.keys(), ...PLAIN.split(' ')]);
const CORRECTABLE = [...KNOWN].filter((word) => word.length >= 5);
/** Of the words of three and four letters those that questions begin with, where letters are swapped in typing. */
const SHORT = [
  'how',
  'what',
  'who',
  'when',
  'which',
  'the',
  'many',
  'live',
  'than',
  'does',
  'high',
  'tall',
  'long',
  'deep',
  'born',
  'area',
  'city',
];

export const isKnownWord = (word: string): boolean => KNOWN.has(word) || /^\d/.test(word);

/** Words of something else that are nearly one of these. */
const OTHERS = new Set(['county', 'counties', 'concert', 'solver', 'planes', 'buildup']);

/** A misspelt word as it is meant; undefined for a word of something else. */
export function correctWord(word: string): string | undefined {
  if (isKnownWord(word)) return word;
  if (OTHERS.has(word)) return undefined;
  if (word.endsWith('s') && isKnownWord(word.slice(0, -1))) return word;
  const swapped = word.length < 5 ? SHORT.find((known) => isSwapped(word, known)) : undefined;
  if (swapped !== undefined) return swapped;
  const single = word.replace(/(.)\1/g, '$1');
  if (single !== word && isKnownWord(single)) return single;
  const near = word.length >= 5 ? CORRECTABLE.filter((known) => known[0] === word[0] && isNear(word, known)) : [];
  // Of several the one of the same length is the likelier: letters are swapped more often than lost.
  return near.find((known) => known.length === word.length) ?? near[0];
}

/** Every word that stands for the form, for a rule's pattern. */
export function wordsOf(...forms: string[]): RegExp {
  const words = forms.flatMap((form) => SYNONYMS[form]?.split(' ') ?? [form]);
  return new RegExp(`\\b(?:${words.join('|')})\\b`);
}
