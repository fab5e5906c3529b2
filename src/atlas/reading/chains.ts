/** What is asked of a thing that another one names: the population of a capital, the birth of an inventor, the area of the land of a capital. */
import { CUES } from './attribute-cues';
import { PERCENT, words } from './cues';
import type { Named } from './names';
import { LAND_OF } from './plans';
import { has, meaning, quantityOf, viaNamed, type Quantity } from './quantity';
import { wordsOf } from './words';

export interface Asked {
  quantities: Quantity[];
  /** Whether a word names what is asked of them. */
  isNamed: boolean;
}

const CHAINS: readonly [link: string, sign: RegExp, attributes: readonly [attribute: string, sign: RegExp][]][] = [
  ['capital', /\bcapitals?\b/, [['population', wordsOf('population', 'people', 'populous')]]],
  [
    'inventor',
    /\binventors?\b|\bdesigner\b|\b(?:man|woman|person|who) (?:who )?invented\b|\b(?:man|woman|person|mind|brain) behind\b/,
    [
      ['age', /\bhow old\b|\bage\b|\blive[sd]?\b/],
      ['death year', words('die died death dead')],
      ['birth year', words('born birth turn turns turned')],
    ],
  ],
];

/** People in a state beside those in its capital, or in another one's. */
function besideCapital(text: string, numbers: readonly number[], things: readonly Named[][]): Asked | undefined {
  if (!/\bcapital\b/.test(text) || things.length > 2) return undefined;
  const isShare =
    (PERCENT.test(text) || /\bnot live\b|\b(?:outside|not in|away from)\b/.test(text)) &&
    wordsOf('population', 'people').test(text);
  if (!isShare && !/\bthan\b|\bas (?:many|populous|large|big)\b/.test(text)) return undefined;
  if (/\bcapital\b.*\bcapital\b|\bthat of\b/.test(text)) return undefined;
  const owners = things.map((meanings) => meaning(meanings, 'capital'));
  const [x, y = x] = owners;
  // "The capital of California beside San Diego."
  const city = things.length === 2 ? things.findIndex((meanings) => meanings.every(({ kind }) => kind === 'city')) : -1;
  const owner = owners[1 - city];
  if (city >= 0 && owner) {
    const both = [viaNamed(owner, 'capital', 'population'), quantityOf(things[city]![0]!, 'population')];
    return { quantities: city === 1 ? both : both.reverse(), isNamed: true };
  }
  if (!x || !y) return undefined;
  const ownsCapital = (number: number) =>
    new RegExp(`capital(?: city)? of (?:the )?§${number}|§${number} ?'s capital`).test(text);
  const isFirst = things.length === 2 && ownsCapital(numbers[0]!);
  const [whole, part] = isFirst ? [y, x] : [x, y];
  return { quantities: [quantityOf(whole, 'population'), viaNamed(part, 'capital', 'population')], isNamed: true };
}

const OF_LAND =
  /\b(?:countr(?:y|ies)|states?|nations?|lands?)\b[^?]*\bcapitals?\b|\b(?:governed|run|ruled) from\b|\b(?:country|state|nation|land) of which\b|\bcapital of the (?:country|state|nation|land)\b|\bcapital of (?:which|what|an?|one) (?:country|state)\b.*\b(?:that|this) (?:country|state)\b|§\d+ ?'s (?:country|state|nation|land)\b/;

/** "The country whose capital is Lima": of the land that a city governs. */
function viaCapital(place: string, things: readonly Named[][]): Asked | undefined {
  if (!OF_LAND.test(place)) return undefined;
  const cities = things.map((meanings) => meanings.find(({ kind }) => kind === 'city'));
  if (!cities.every((one) => one !== undefined) || things.some((meanings) => has(meanings[0]!, 'capital')))
    return undefined;
  const attribute = ['density', 'admission year', 'population', 'area'].find((one) =>
    CUES.some((cue) => cue.attribute === one && cue.kinds.includes('state') && cue.sign.test(place)),
  );
  if (attribute === undefined) return undefined;
  const isState = /\b(?:us|american) state\b/.test(place);
  const land = (city: Named) => `{${LAND_OF}${city.name}}`;
  const quantities = cities.map((city) => {
    const { searches, formula, ...rest } = quantityOf(
      { kind: attribute === 'admission year' || isState ? 'state' : 'country', name: land(city) },
      attribute,
    );
    return { ...rest, thing: city, name: land(city), formula, searches: [`capital of ${city.name}`, ...searches] };
  });
  return { quantities, isNamed: true };
}

function viaOthers(place: string, things: readonly Named[][]): Asked | undefined {
  for (const [link, sign, attributes] of CHAINS) {
    const owners = things.map((meanings) => meaning(meanings, link));
    const attribute = attributes.find(([, of]) => of.test(place))?.[0];
    if (attribute === undefined || !sign.test(place) || !owners.every((one) => one !== undefined)) continue;
    const [only] = owners;
    const isAtInvention =
      attribute === 'age' &&
      /\bwhen (?:it|he|she) (?:was )?(?:invented|made|came)|\binvent(?:ed)? it\b|\bat the time\b|\bin the year\b|\byear (?:of the invention|he|she)\b|\bthat year\b/.test(
        place,
      );
    if (
      only &&
      owners.length === 1 &&
      /\b(?:live[sd]?|die[ds]?)\b.*\bafter\b|\bafter\b.*\b(?:live[sd]?|die[ds]?)\b/.test(place)
    )
      return { quantities: [viaNamed(only, link, 'death year'), quantityOf(only, 'invention year')], isNamed: true };
    if (isAtInvention && only && owners.length === 1)
      return { quantities: [viaNamed(only, link, 'birth year'), quantityOf(only, 'invention year')], isNamed: true };
    return { quantities: owners.map((one) => viaNamed(one, link, attribute)), isNamed: true };
  }
  return undefined;
}

/** @returns undefined where nothing is asked of what another thing names */
export const viaAnother = (place: string, numbers: readonly number[], things: readonly Named[][]): Asked | undefined =>
  besideCapital(place, numbers, things) ?? viaCapital(place, things) ?? viaOthers(place, things);
