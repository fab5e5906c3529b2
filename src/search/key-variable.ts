/** The option that names a key's variable. */
import { z } from 'zod';

export const keyVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, not a key');
