/** Invents names of places and people. */
import type { Random } from './random';

const SYLLABLES =
  'ba be bi bo bu ca ce co cu da de di do du fa fe fi fo ga ge go gu ha he hi ho ja je jo ka ke ki ko la le li lo lu ma me mi mo mu na ne ni no nu pa pe po qua ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo wa we wi ya yo za ze zi zo bran cor dal fen gor hal jor kel lan mar nor ost pel quin ros sten tor ulm ven wick xan yor zell brook ford ton burg mere stad'.split(
    ' ',
  );

const PATTERNS: Record<string, readonly string[]> = {
  person: ['* *'],
  mountain: ['Mount *', 'Mount *', '*', '* Peak'],
  river: ['*', '*', '* River'],
  lake: ['Lake *', 'Lake *', '* Lake'],
  building: ['* Tower', '* Building', '* Bridge'],
  invention: ['*', '* engine'],
};

/** A name of syllables in a pattern of its kind, such as `Mount Quinfedal`. */
export function inventName(random: Random, kind: string): string {
  const word = () => {
    const letters = Array.from({ length: random.integer(2, 3) }, () => random.pick(SYLLABLES)).join('');
    return letters[0]?.toUpperCase() + letters.slice(1);
  };
  const pattern = random.pick(PATTERNS[kind] ?? ['*', '*', '*', '*', 'New *', 'North *', 'South *', 'West *']);
  const name = pattern.replaceAll('*', word);
  return kind === 'element' || kind === 'invention' ? name.toLowerCase() : name;
}
