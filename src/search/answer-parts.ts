/** Reads the answers of search services part by part: what is not of the documented form costs itself alone, not what is beside it. */
import { z } from 'zod';

/** Text, or a number as text; anything else is absent. */
export const textPart = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(undefined)
  .transform((text) => text ?? undefined);

/** The elements of a list that have the form; none if it is no list. */
export const listOf = <Element extends z.ZodType>(element: Element) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((item): z.output<Element>[] => {
        const parsed = element.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    );
