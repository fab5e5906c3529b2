import { defineTool, rejectArguments } from 'temporal-husky';
import { z } from 'zod';

const STOCK: Record<string, Record<string, number>> = {
  oslo: { kettle: 120, lamp: 14 },
  bergen: { kettle: 45, lamp: 60 },
};

export const stock = defineTool({
  name: 'stock',
  description: 'tells how many pieces of one article are in the warehouse of one town',
  input: z.object({
    town: z.string().describe('town of the warehouse, such as Oslo'),
    article: z.string().describe('one article in the singular, such as kettle'),
  }),
  timeoutMs: 10_000,
  run: ({ town, article }) => {
    const articles = STOCK[town.toLowerCase()];
    // The model that wrote the arguments is told, and may mend them.
    if (!articles)
      throw rejectArguments(`There is no warehouse in ${town}; there are ${Object.keys(STOCK).join(', ')}.`);
    return `${town} has ${articles[article.toLowerCase()] ?? 0} pieces of the article ${article}.`;
  },
});
