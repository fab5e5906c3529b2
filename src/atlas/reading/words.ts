/**
 * The words in which people ask about the atlas, and the one form of each that rules look for.
 *
 * @module
 */
import { isNear, isSwapped } from './spelling';

/** Other words for the same; keys are what rules look for. Inflections are spelled out, so that nothing is guessed. */
const SYNONYMS: Record<string, string> = {
  area: 'area areas surface territory size sizes landmass acreage',
  population: 'population populations populace headcount',
  people:
    'people inhabitants inhabitant residents resident citizens citizen folks folk persons souls live lives living dwell reside inhabited home humans',
  height: 'height heights elevation altitude tall high rise rises stand stands',
  length: 'length lengths flow flows run runs stretch stretches',
  depth: 'depth depths deep',
  diameter: 'diameter wide width across breadth',
  large: 'large big huge vast spacious',
  long: 'long',
  larger: 'larger bigger greater vaster exceed exceeds exceeded outsize outsizes',
  taller: 'taller higher',
  longer: 'longer',
  deeper: 'deeper',
  populous: 'populous populated crowded',
  smaller: 'smaller littler shorter lower shallower less fewer tinier',
  older: 'older elder earlier sooner',
  later: 'later younger after latter following since',
  first: 'first before',
  more: 'more extra additional larger',
  than: 'than over',
  difference: 'difference differences differ gap subtract minus separate separates separating apart discrepancy margin',
  times: 'times ratio divide divided multiple fold',
  percent: 'percent percentage percents pct proportion share fraction',
  average: 'average averages mean averaged',
  total:
    'total totals sum combined combine together altogether add added plus jointly overall stack stacked put laid joint',
  capital: 'capital capitals',
  inventor: 'inventor inventors creator',
  invented: 'invented invent invents invention devised created conceived came',
  born: 'born birth birthday birthyear',
  died: 'died die dies death dead deceased passing',
  age: 'age aged old',
  climbed: 'climbed climb ascended ascent summit summited scaled conquered top reach reached',
  completed: 'completed completion finished finish built opened constructed complete done ready',
  discovered: 'discovered discovery discover found find isolated',
  state: 'statehood became become join joined joins admitted admission union enter entered member',
  atomic: 'atomic periodic protons',
  density: 'density dense densely',
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
  hour: 'hour hours hourly kph kmh mph',
  who: 'who whom whose',
  when: 'when',
  year: 'year years',
  which: 'which between of',
  or: 'or',
};

/** Words that say nothing here. */
const PLAIN =
  'a an the and is are was were be been do does did has have had can could would will what whats how many much in on at to for from by with that this these those it its it there tell me give name please know want say you your my i we they them as so also just about exactly nearest integer whole number rounded round decimal place places one two three four decimals does covers cover take takes took get got gets if then when where each per up down out us city country river lake mountain mount mt peak building tower planet element chemical person man woman invention states countries cities rivers lakes mountains buildings table people s lie state lies both all its his her he she their him going come go far way amount figure value long called inventing lived life lifetime reaching time question answer show compute calculate work worked tell need needed full whole entire distance boat barge ship sail sailing sails travel travels travelling traveling moves move moving speed represents represent stands stood drawn paper uses yes no true correct does earth world put one another other neighbour neighbor last along versus vs against compared compare comparing roughly approximately currently today nowadays present actual official famous fully alone above below sea level ground tip base equal equals result value hold holds house houses contain contains consist make makes made let us see find out who possess possesses having measured measure measures measuring expressed express unit units given asked ask wonder wondering curious hi hello hey call calls convert converted end thanks ok okay really exact precise precisely per there total than only even still ever';

const FORM = new Map<string, string>();
for (const [form, words] of Object.entries(SYNONYMS))
  for (const word of words.split(' ')) if (!FORM.has(word)) FORM.set(word, form);
const KNOWN = new Set([...FORM.keys(), ...PLAIN.split(' ')]);
const CORRECTABLE = [...KNOWN].filter((word) => word.length >= 5);
/** Of the words of three and four letters those that questions begin with, where letters are swapped in typing. */
const SHORT = ['how', 'what', 'who', 'when', 'which', 'the', 'many', 'live', 'than', 'does'];

export const isKnownWord = (word: string): boolean => KNOWN.has(word) || /^\d/.test(word);

/** A misspelt word as it is meant; undefined for a word of something else. */
export function correctWord(word: string): string | undefined {
  if (isKnownWord(word)) return word;
  const swapped = word.length < 5 ? SHORT.find((known) => isSwapped(word, known)) : undefined;
  if (swapped !== undefined) return swapped;
  const near = word.length >= 5 ? CORRECTABLE.filter((known) => known[0] === word[0] && isNear(word, known)) : [];
  // Of several the one of the same length is the likelier: letters are swapped more often than lost.
  return near.find((known) => known.length === word.length) ?? near[0];
}

/** Every word that stands for the form, for a rule's pattern. */
export function wordsOf(...forms: string[]): RegExp {
  const words = forms.flatMap((form) => SYNONYMS[form]?.split(' ') ?? [form]);
  return new RegExp(`\\b(?:${words.join('|')})\\b`);
}
