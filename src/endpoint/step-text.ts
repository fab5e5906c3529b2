/** A step as text, as the reasoning of both APIs shows it. @module */
import type { Step } from '../trajectory/step';

/** A step as the reasoning shows it. */
export function stepText(step: Step): string {
  return `${actionText(step)}${step.output}`;
}

/** The beginning of {@link stepText}, which is known before the step is carried out. */
export function actionText({ index, tool, step }: Pick<Step, 'index' | 'tool' | 'step'>): string {
  return `${index === 0 ? '' : '\n\n'}[${tool}] ${step}\n`;
}
