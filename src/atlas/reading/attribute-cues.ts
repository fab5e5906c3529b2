/** Words that say what is asked of a thing. */
import { words } from './cues';
import { wordsOf } from './words';

export interface Cue {
  attribute: string;
  /** Words that mean this and nothing else. */
  sign: RegExp;
  kinds: readonly string[];
}

/** Words of what is asked for, the surer first. */
export const CUES: readonly Cue[] = [
  {
    attribute: 'land per head',
    kinds: ['state', 'country'],
    sign: /\b(?:square (?:met(?:er|re)s|feet|miles|kilomet(?:er|re)s)|hectares|acres|land|area|space|room)\b[^?]*\b(?:per (?:person|head|inhabitant|citizen|resident|capita)|for (?:each|every) (?:person|inhabitant|citizen|resident|one)|(?:each|every) (?:person|inhabitant|citizen|resident|one|would|will|get)|would each|to each)\b|\b(?:one|an|each|every) (?:inhabitant|person|resident|citizen)\b[^?]*\b(?:square (?:met(?:er|re)s|feet|miles|kilomet(?:er|re)s)|hectares|acres)\b|\b(?:shared?|divided?|split|gave|given)\b[^?]*\b(?:among|amongst|between|every one of|each of|all)\b[^?]*\b(?:who lives?|inhabitants|citizens|residents|people|population)\b/,
  },
  {
    attribute: 'density',
    kinds: ['state', 'country'],
    sign: /\bpopulation\b[^?]*(?:divided by|\/|over)[^?]*\barea\b|\b(?:densit(?:y|ies)|densely|denser|densest|crowded|dense)\b|\b(?:per|each|every|a) (?:square|sq)\b/,
  },
  { attribute: 'capital', kinds: ['state', 'country'], sign: words('capital capitals capitol') },
  {
    attribute: 'discovery year',
    kinds: ['element'],
    sign: words(
      'discovered discovery discoveries discover found years isolated identified known older newer earlier later',
    ),
  },
  { attribute: 'atomic number', kinds: ['element'], sign: words('atomic proton protons periodic') },
  { attribute: 'inventor', kinds: ['invention'], sign: /\b(?:inventors?|who|whom|whose|person|man|woman)\b/ },
  {
    attribute: 'invention year',
    kinds: ['invention'],
    sign: words(
      'invented invention invent created came appear appeared year years when older newer earlier later first dates patented preceded precede predates',
    ),
  },
  {
    attribute: 'admission year',
    kinds: ['state'],
    sign: /\b(?:statehood|admitted|admission|join(?:ed|ing)?|union|(?:becom\w+|become|became|as) (?:a |the \w+ )?(?:states?|one)|enter(?:ed|ing)|older|oldest|youngest|newer|state (?:first|last|earlier|later))\b/,
  },
  {
    attribute: 'first ascent year',
    kinds: ['mountain'],
    sign: words('climbed climb ascent ascents ascended summited conquered scaled reached climbers earlier later first'),
  },
  {
    attribute: 'completion year',
    kinds: ['building'],
    sign: words(
      'completed completion finished finish built build opened open inaugurated opening older newer newest oldest year years old age stood standing earlier later construction ready before after',
    ),
  },
  {
    attribute: 'depth',
    kinds: ['lake'],
    sign: words(
      'deep deeper deepest depth depths shallow shallower shallowest down bottom sink sunk submerge submerged drown hide swallow',
    ),
  },
  {
    attribute: 'diameter',
    kinds: ['planet'],
    sign: words(
      'diameter diameters wide wider widest across thick radius big bigger biggest large larger largest small smaller smallest size fit circumference equator belt around',
    ),
  },
  {
    attribute: 'height',
    kinds: ['mountain', 'building'],
    sign: words(
      'height heights high higher highest tall taller tallest elevation altitude ht shorter shortest lower lowest low top metres meters feet tower towers rise rises stand stands bigger biggest up',
    ),
  },
  {
    attribute: 'length',
    kinds: ['river'],
    sign: words('length lengths long longer longest shorter shortest short flow flows run runs bigger biggest'),
  },
  {
    attribute: 'population',
    kinds: ['city', 'state', 'country'],
    sign: new RegExp(`${wordsOf('population', 'people', 'populous').source}|\\bpersons?\\b`),
  },
  {
    attribute: 'area',
    kinds: ['state', 'country', 'lake'],
    sign: words(
      'area areas size land territory surface big bigger biggest large larger largest small smaller smallest cover covers square acres hectares',
    ),
  },
  {
    attribute: 'population',
    kinds: ['city'],
    sign: words('big bigger biggest large larger largest small smaller smallest size'),
  },
];

/** What is compared where no word says what. */
export const IMPLIED: Record<string, string> = {
  river: 'length',
  mountain: 'height',
  building: 'height',
  city: 'population',
  planet: 'diameter',
  element: 'atomic number',
  invention: 'invention year',
  state: 'area',
  country: 'area',
};
