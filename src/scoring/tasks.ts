/** The task registry: tasks.yaml, read once. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { SPLITS } from '../atlas';
import { BUILT_IN_TOOLS } from '../trajectory/step';

const taskSchema = z.strictObject({
  format: z.enum(['number', 'text', 'boolean', 'latex', 'python']),
  metric: z.string(),
  'husky-v1': z.enum(['gsm8k', 'math', 'lila', 'finqa', 'tabmwp', 'drop', 'hotpotqa', 'strategyqa', 'huskyqa']),
  aliases: z.array(z.string()).default([]),
  tools: z.array(z.enum(BUILT_IN_TOOLS)).min(1).optional(),
  file: z.string().optional(),
  atlas: z.strictObject({ split: z.enum(SPLITS), questions: z.number().int().positive() }).optional(),
});

/** The rules of the reference's script, one per branch of its evaluation. */
export type ReferenceRule = z.infer<typeof taskSchema>['husky-v1'];

export interface Task {
  name: string;
  /** The form of gold answers. */
  format: z.infer<typeof taskSchema>['format'];
  /** Name of a metric, see metrics/registry.ts. */
  metric: string;
  referenceRule: ReferenceRule;
  aliases: string[];
  /** Built-in tools that help, when the loop guides models that were not trained for it. @default all */
  tools?: readonly string[];
  /** Questions below the data directory. */
  file: string;
  /** Questions of atlas-qa to generate, by split, if the data directory has no such file. */
  atlas?: z.infer<typeof taskSchema>['atlas'];
}

let registry: Map<string, Task> | undefined;

function tasks(): Map<string, Task> {
  if (registry === undefined) {
    const file = path.join(__dirname, 'tasks.yaml');
    const entries = z.record(z.string(), taskSchema).parse(parse(readFileSync(file, 'utf8')));
    registry = new Map(
      Object.entries(entries).map(([name, { 'husky-v1': referenceRule, ...entry }]) => [
        name,
        { ...entry, name, referenceRule, file: entry.file ?? path.join(name, 'test.jsonl') },
      ]),
    );
  }
  return registry;
}

/** Names of all tasks, in the order of tasks.yaml. */
export function taskNames(): string[] {
  return [...tasks().keys()];
}

/** The task of a name or alias; undefined when there is none. */
export function findTask(name: string): Task | undefined {
  return tasks().get(name) ?? [...tasks().values()].find((task) => task.aliases.includes(name));
}
