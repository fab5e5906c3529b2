/** A formula in three forms: the words of a step, the code of its program, and its value. */
import { phraseOf, type KnownFact } from './world';

export interface Expression {
  says: string;
  code: string;
  value: number;
  compound?: boolean;
}

/** Writes a number for a program. Only the separator changes, from `,` to `_`, so that digits can be copied. */
function literal(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 }).replaceAll(',', '_');
}

export function factTerm(fact: KnownFact): Expression {
  const value = Number(fact.value);
  const isYear = fact.attribute.endsWith('year');
  return { says: phraseOf(fact), code: isYear ? String(value) : literal(value), value };
}

/** A number from the question. */
export function numberTerm(value: number): Expression {
  return { says: value.toLocaleString('en-US', { maximumFractionDigits: 6 }), code: literal(value), value };
}

/** A number that an earlier step found under this phrase. */
export function namedTerm(phrase: string, value: number): Expression {
  return { says: phrase, code: literal(value), value };
}

type Operator = '+' | '-' | '*' | '/';

const APPLY: Record<Operator, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

/** `(a - b) / c`: a compound part is put in parentheses, except sums of sums and products of products on the left. */
export function combine(left: Expression, operator: Operator, right: Expression): Expression {
  const side = (part: Expression, form: 'says' | 'code') => (part.compound ? `(${part[form]})` : part[form]);
  return {
    says: `${side(left, 'says')} ${operator} ${side(right, 'says')}`,
    code: `${side(left, 'code')} ${operator} ${side(right, 'code')}`,
    value: APPLY[operator](left.value, right.value),
    compound: true,
  };
}

export function sumOf(terms: readonly Expression[]): Expression {
  return {
    says: terms.map(({ says }) => says).join(' + '),
    code: terms.map(({ code }) => code).join(' + '),
    value: terms.reduce((sum, { value }) => sum + value, 0),
    compound: true,
  };
}
