import { fileURLToPath } from 'node:url';
import { EncryptedPayloads } from './codec.ts';

/** The same codec for `husky worker`, `husky serve` and all other commands: `temporal: { codec: ./for-commands.ts }`. */
export default new EncryptedPayloads({
  key: Buffer.from(process.env.PAYLOAD_KEY ?? '', 'base64'),
  folder: fileURLToPath(new URL('./payloads', import.meta.url)),
});
