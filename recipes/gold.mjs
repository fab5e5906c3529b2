/**
 * Known trajectories of questions about the atlas, as the guided loop would write them: facts one by one, then a program for the whole
 * question. The atlas's own programs are JavaScript of few forms; here they are Python.
 */

const NUMBER = String.raw`\d[\d_]*(?:\.\d+)?`;
const CHOICE = /^(.+?) ([<>]) (.+?) \? "(.+?)" : "(.+?)"$/;

/** @param trajectories of `atlasQuestions` @returns those whose programs have a known form */
export function goldTrajectories(trajectories) {
  return trajectories.flatMap((trajectory) => {
    const steps = trajectory.steps.map((step, at) => {
      if (step.tool !== 'code') return step;
      const code = pythonOf(step.code);
      return code && { ...step, code, ...(at === trajectory.steps.length - 1 ? { step: 'Solve the question.' } : {}) };
    });
    return steps.every(Boolean) ? [{ ...trajectory, id: `gold-${trajectory.id}`, steps }] : [];
  });
}

/** @returns undefined where the form is another */
export function pythonOf(program) {
  const inner = /^console\.log\((.*)\)$/s.exec(program.trim())?.[1];
  if (inner === undefined) return undefined;
  const fixed = /^\((.*)\)\.toFixed\((\d)\)$/.exec(inner);
  if (fixed) return printed(`round(${arithmetic(fixed[1])}, ${fixed[2]})`, fixed[1]);
  const rounded = /^Math\.round\((.*)\)$/.exec(inner);
  if (rounded) return printed(`round(${arithmetic(rounded[1])})`, rounded[1]);
  const choice = CHOICE.exec(inner);
  if (!choice) return printed(arithmetic(inner), inner);
  const [, left, sign, right, yes, no] = choice;
  const [one, other] = [yes, no].map((text) => JSON.stringify(text.trim()));
  return printed(`${one} if ${arithmetic(left)} ${sign} ${arithmetic(right)} else ${other}`, `${left}${right}`);
}

function printed(expression, source) {
  return new RegExp(`^(?:${NUMBER}|[-+*/() ])+$`).test(source) ? `print(${expression})` : undefined;
}

const arithmetic = (text) => text.replaceAll('_', '');
