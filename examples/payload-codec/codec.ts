import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payload: Proto } = proto.temporal.api.common.v1;
const text = new TextEncoder();

export interface CodecOptions {
  /** 32 bytes, the same for every worker and client. */
  key: Buffer;
  /** Where large payloads are kept; every worker and client must reach it. A bucket would do as well as a folder. */
  folder: string;
  /** Encrypted bytes from which a payload is kept in the folder and only its name goes to the server. */
  storeFrom?: number;
}

/** Encrypts each payload (AES-256-GCM), and keeps large ones outside Temporal's history. */
export class EncryptedPayloads implements PayloadCodec {
  private readonly key: Buffer;
  private readonly folder: string;
  private readonly storeFrom: number;

  constructor({ key, folder, storeFrom = 64 * 1024 }: CodecOptions) {
    if (key.length !== 32) throw new Error('The key must have 32 bytes (PAYLOAD_KEY, in base64).');
    this.key = key;
    this.folder = folder;
    this.storeFrom = storeFrom;
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(
      payloads.map(async (payload) => {
        const data = this.encrypt(Proto.encode(payload).finish());
        return data.length < this.storeFrom
          ? named('binary/encrypted', data)
          : named('binary/stored', await this.store(data));
      }),
    );
  }

  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(
      payloads.map(async (payload) => {
        const encoding = Buffer.from(payload.metadata?.[METADATA_ENCODING_KEY] ?? []).toString();
        if (encoding === 'binary/encrypted') return this.decrypt(payload.data!);
        if (encoding === 'binary/stored')
          return this.decrypt(await readFile(join(this.folder, Buffer.from(payload.data!).toString())));
        return payload;
      }),
    );
  }

  private encrypt(plain: Uint8Array): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  private decrypt(data: Uint8Array): Payload {
    const decipher = createDecipheriv('aes-256-gcm', this.key, data.subarray(0, 12));
    decipher.setAuthTag(data.subarray(12, 28));
    return Proto.decode(Buffer.concat([decipher.update(data.subarray(28)), decipher.final()]));
  }

  /** Named by its content and moved into place whole, so that a retry writes nothing twice and a reader sees no half file. */
  private async store(data: Buffer): Promise<Uint8Array> {
    const name = createHash('sha256').update(data).digest('hex');
    await mkdir(this.folder, { recursive: true });
    const unfinished = join(this.folder, `${name}.${randomBytes(4).toString('hex')}`);
    await writeFile(unfinished, data);
    await rename(unfinished, join(this.folder, name));
    return text.encode(name);
  }
}

function named(encoding: string, data: Uint8Array): Payload {
  return { metadata: { [METADATA_ENCODING_KEY]: text.encode(encoding) }, data };
}
