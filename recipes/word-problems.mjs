/**
 * Word problems of our own in five wordings each, after the idea of SVAMP: whoever reads them has to notice what has changed. Other names and
 * numbers every time; the facts in another order; another question about the same facts; a fact more that does not matter.
 * The same seed gives the same questions. `node recipes/word-problems.mjs FILE [--seed 1]` writes them.
 */
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const NAMES = 'Amara Bruno Chioma Dmitri Elif Farid Greta Hiro Ines Jonas Kavya Lars Mei Nadia Omar Priya Quentin Rosa Sven Tala'.split(' ');
export const CHANGES = ['plain', 'again', 'order', 'asked', 'extra'];

/**
 * `facts` stand in any order and name everything that they speak of. `asks`: a question with its answer; the second one is that of `asked`.
 * `extra` does not matter to either.
 */
const PROBLEMS = [
  (a, b, n) => {
    const [boxes, each, eaten] = [n(3, 9), n(6, 14), n(4, 15)];
    return {
      facts: [`${a} has ${boxes} boxes of plums.`, `There are ${each} plums in every box of ${a}.`, `${a}'s brother eats ${eaten} of the plums.`],
      asks: [['How many plums are left?', boxes * each - eaten], ['How many plums were there before any was eaten?', boxes * each]],
      extra: `${b} has ${n(2, 9)} pears.`,
    };
  },
  (a, b, n) => {
    const [hours, wage, spent] = [n(4, 9), n(11, 24), n(10, 40)];
    return {
      facts: [`${a} works ${hours} hours on Saturday.`, `${a} is paid $${wage} an hour.`, `On Sunday ${a} spends $${spent} of that money.`],
      asks: [[`How many dollars of the money does ${a} still have?`, hours * wage - spent], [`How many dollars did ${a} earn on Saturday?`, hours * wage]],
      extra: `${b} worked ${n(2, 6)} hours on Friday.`,
    };
  },
  (a, b, n) => {
    const [first, times, third] = [n(6, 19), n(2, 5), n(5, 30)];
    return {
      facts: [`${a} collected ${first} shells.`, `${b} collected ${times} times as many shells as ${a}.`, `A cousin of theirs collected ${third} shells.`],
      asks: [['How many shells did the three collect altogether?', first + first * times + third], [`How many more shells did ${b} collect than ${a}?`, first * times - first]],
      extra: `Last year ${a} collected ${n(40, 90)} stones.`,
    };
  },
  (a, b, n) => {
    const [rows, seats, empty] = [n(8, 20), n(9, 18), n(10, 60)];
    return {
      facts: [`A theatre has ${rows} rows of seats.`, `Each row of the theatre has ${seats} seats.`, `Tonight ${empty} seats of the theatre are empty.`],
      asks: [['How many seats are taken tonight?', rows * seats - empty], ['How many seats does the theatre have?', rows * seats]],
      extra: `A ticket costs $${n(8, 20)}.`,
    };
  },
  (a, b, n) => {
    const [speed, hours, rest] = [n(40, 90), n(3, 8), n(20, 90)];
    return {
      facts: [`A bus drives at ${speed} kilometers per hour.`, `The bus has driven for ${hours} hours.`, `The bus still has ${rest} kilometers to go.`],
      asks: [['How many kilometers is the whole way long?', speed * hours + rest], ['How many kilometers has the bus driven so far?', speed * hours]],
      extra: `There are ${n(12, 48)} passengers on the bus.`,
    };
  },
  (a, b, n) => {
    const [price, count, given] = [n(3, 9), n(4, 9), 100];
    return {
      facts: [`A notebook costs $${price}.`, `${a} buys ${count} notebooks.`, `${a} pays with a note of $${given}.`],
      asks: [[`How many dollars does ${a} get back?`, given - price * count], ['How many dollars do the notebooks cost altogether?', price * count]],
      extra: `A pencil costs $${n(1, 2)}.`,
    };
  },
  (a, b, n) => {
    const [age, older, years] = [n(7, 15), n(3, 12), n(4, 20)];
    return {
      facts: [`${a} is ${age} years old.`, `${b} is ${older} years older than ${a}.`],
      asks: [[`How old will ${b} be in ${years} years?`, age + older + years], [`How old are ${a} and ${b} together today?`, 2 * age + older]],
      extra: `${a} has ${n(2, 5)} sisters.`,
    };
  },
  (a, b, n) => {
    const [per, children, left] = [n(3, 8), n(5, 14), n(1, 4)];
    return {
      facts: [`Each of ${children} children gets ${per} sweets.`, `${left} sweets are left over.`],
      asks: [['How many sweets were there at first?', per * children + left], ['How many sweets do the children have altogether?', per * children]],
      extra: `${n(2, 4)} of the children wear a hat.`,
    };
  },
  (a, b, n) => {
    const [day, days, have] = [n(6, 18), n(5, 12), n(10, 40)];
    return {
      facts: [`${a} reads ${day} pages every day.`, `${a} has read for ${days} days.`, `The book of ${a} has ${day * days + have} pages.`],
      asks: [[`How many pages does ${a} still have to read?`, have], [`How many pages has ${a} read so far?`, day * days]],
      extra: `The book of ${b} has ${n(100, 300)} pages.`,
    };
  },
  (a, b, n) => {
    const [share, people] = [n(7, 25), n(3, 8)];
    const tip = n(2, 5) * people;
    return {
      facts: [`${people} friends share the bill of a dinner equally.`, `The dinner costs $${share * people}.`, `The friends also give a tip of $${tip}, which they share equally.`],
      asks: [['How many dollars does each of them pay, with the tip?', share + tip / people], ['How many dollars do dinner and tip cost together?', share * people + tip]],
      extra: `The dinner took ${n(2, 3)} hours.`,
    };
  },
  (a, b, n) => {
    const [hens, eggs, days] = [n(5, 15), n(2, 4), n(3, 7)];
    return {
      facts: [`${a} keeps ${hens} hens.`, `Each hen lays ${eggs} eggs in a day.`],
      asks: [[`How many eggs do the hens lay in ${days} days?`, hens * eggs * days], ['How many eggs do the hens lay in one day?', hens * eggs]],
      extra: `${a} also keeps ${n(2, 6)} goats.`,
    };
  },
  (a, b, n) => {
    const [red, more, gone] = [n(12, 40), n(5, 20), n(3, 10)];
    return {
      facts: [`${a} has ${red} red marbles.`, `${a} has ${more} more blue marbles than red ones.`, `${a} gives ${gone} blue marbles to ${b}.`],
      asks: [[`How many blue marbles does ${a} have then?`, red + more - gone], [`How many marbles of both colors does ${a} have then?`, 2 * red + more - gone]],
      extra: `${b} has ${n(5, 25)} green marbles.`,
    };
  },
  (a, b, n) => {
    const [width, more] = [n(4, 15), n(2, 9)];
    return {
      facts: [`A garden is ${width} meters wide.`, `The garden is ${more} meters longer than it is wide.`],
      asks: [['How many square meters large is the garden?', width * (width + more)], ['How many meters long is a fence around the garden?', 4 * width + 2 * more]],
      extra: `The gate of the garden is ${n(2, 3)} meters high.`,
    };
  },
  (a, b, n) => {
    const [shirts, shirt, trousers] = [n(2, 6), n(9, 25), n(20, 60)];
    return {
      facts: [`${a} buys ${shirts} shirts.`, `A shirt costs $${shirt}.`, `${a} buys one pair of trousers for $${trousers}.`],
      asks: [[`How many dollars does ${a} spend?`, shirts * shirt + trousers], ['How many dollars do the shirts cost altogether?', shirts * shirt]],
      extra: `The shop has ${n(30, 80)} kinds of shirts.`,
    };
  },
  (a, b, n) => {
    const [full, used, weeks] = [n(8, 20) * 10, n(4, 9), n(3, 8)];
    return {
      facts: [`A tank holds ${full} liters of water.`, `Every week ${used} liters are taken from the tank.`],
      asks: [[`The tank was full; how many liters are in it after ${weeks} weeks?`, full - used * weeks], [`How many liters are taken from the tank in ${weeks} weeks?`, used * weeks]],
      extra: `The tank is ${n(2, 9)} years old.`,
    };
  },
  (a, b, n) => {
    const half = n(6, 30);
    const more = n(4, 18);
    return {
      facts: [`${a} sold ${2 * half} tickets on Monday.`, `On Tuesday ${a} sold half as many tickets as on Monday.`, `On Wednesday ${a} sold ${more} tickets.`],
      asks: [[`How many tickets did ${a} sell on the three days?`, 3 * half + more], [`How many more tickets did ${a} sell on Monday than on Tuesday?`, half]],
      extra: `${b} sold ${n(10, 50)} tickets on Friday.`,
    };
  },
  (a, b, n) => {
    const [packs, each, need] = [n(3, 8), n(6, 12), n(60, 110)];
    return {
      facts: [`${a} has ${packs} packs of tiles.`, `A pack holds ${each} tiles.`, `${a} needs ${packs * each + need} tiles for a floor.`],
      asks: [[`How many more tiles does ${a} need?`, need], [`How many tiles does ${a} have?`, packs * each]],
      extra: `A tile weighs ${n(2, 4)} kilograms.`,
    };
  },
  (a, b, n) => {
    const [laps, length, days] = [n(4, 10), n(2, 6) * 100, n(3, 6)];
    return {
      facts: [`${a} runs ${laps} laps every day.`, `A lap is ${length} meters long.`],
      asks: [[`How many meters does ${a} run in ${days} days?`, laps * length * days], [`How many meters does ${a} run in a day?`, laps * length]],
      extra: `${b} swims ${n(10, 30)} lengths every day.`,
    };
  },
  (a, b, n) => {
    const [each, friends, kept] = [n(4, 9), n(3, 7), n(6, 20)];
    return {
      facts: [`${a} gave ${each} stickers to each of ${friends} friends.`, `${a} kept ${kept} stickers.`],
      asks: [[`How many stickers did ${a} have at first?`, each * friends + kept], [`How many stickers did ${a} give away?`, each * friends]],
      extra: `${b} bought ${n(10, 30)} stamps.`,
    };
  },
  (a, b, n) => {
    const [percent, tens] = [n(1, 4) * 10, n(3, 12)];
    const price = tens * 10;
    const off = (price * percent) / 100;
    return {
      facts: [`A bicycle lamp costs $${price}.`, `Today everything is ${percent} percent cheaper.`],
      asks: [['How many dollars does the lamp cost today?', price - off], ['How many dollars does one save by buying the lamp today?', off]],
      extra: `The shop opened ${n(2, 9)} years ago.`,
    };
  },
];

/** @returns `{ index, question, answer, problem, change }`, one for each problem and change: {@link CHANGES} */
export function wordProblems({ seed = 1 } = {}) {
  const random = randomOf(seed);
  const between = (low, high) => low + Math.floor(random() * (high - low + 1));
  const questions = [];
  PROBLEMS.forEach((problem, number) => {
    for (const change of CHANGES) {
      const first = between(0, NAMES.length - 1);
      const second = (first + between(1, NAMES.length - 1)) % NAMES.length;
      const { facts, asks, extra } = problem(NAMES[first], NAMES[second], between);
      const told = [...facts];
      if (change === 'order') told.push(told.shift());
      if (change === 'extra') told.splice(between(1, told.length), 0, extra);
      const [question, answer] = asks[change === 'asked' ? 1 : 0];
      questions.push({ index: questions.length, question: [...told, question].join(' '), answer: String(answer), problem: number, change });
    }
  });
  return questions;
}

/** Mulberry32: numbers from 0 to 1, the same on every machine. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [file, , seed = '1'] = argv.slice(2);
  if (!file) throw new Error('Give the file to write: node recipes/word-problems.mjs FILE [--seed 1]');
  writeFileSync(file, wordProblems({ seed: Number(seed) }).map((line) => `${JSON.stringify(line)}\n`).join(''));
}
