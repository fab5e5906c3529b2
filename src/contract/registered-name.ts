/**
 * All names that this package registers with Temporal begin with `husky`, so that they replace nothing of the user's: the server knows
 * the activity `predictAction` as `huskyPredictAction`.
 */

export type RegisteredName<Name extends string> = `husky${Capitalize<Name>}`;

export type Registered<Activities> = {
  [Name in keyof Activities & string as RegisteredName<Name>]: Activities[Name];
};

/** The name that the server, other languages and stored histories know. */
export function registeredName<Name extends string>(name: Name): RegisteredName<Name> {
  return `husky${name.charAt(0).toUpperCase()}${name.slice(1)}` as RegisteredName<Name>;
}

/** Activities under the names that a worker registers. */
export function registered<Activities extends object>(activities: Activities): Registered<Activities> {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [registeredName(name), activity]),
  ) as Registered<Activities>;
}
