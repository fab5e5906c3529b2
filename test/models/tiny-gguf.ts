/**
 * A GGUF file small enough to write in a test: a Llama of one layer with random weights and a byte-level vocabulary.
 * What it says makes no sense, but it says the same each time.
 * Format: GGUF version 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';

export const SPECIAL_TOKENS = ['<|end|>', '<|act|>', '<|q|>'];

const HIDDEN = 32;
const HEADS = 2;
const FEED_FORWARD = 64;
export const TRAINED_CONTEXT = 512;

const UINT32 = 4;
const FLOAT32 = 6;
const BOOL = 7;
const STRING = 8;
const ARRAY = 9;
const INT32 = 5;
const ALIGNMENT = 32;
const NORMAL_TOKEN = 1;
const CONTROL_TOKEN = 3;

export interface TinyGgufOptions {
  seed?: number;
  /** Whether the file says that prompts begin with the begin token. @default false */
  addBos?: boolean;
  chatTemplate?: string;
}

export function writeTinyGguf(path: string, { seed = 1, addBos = false, chatTemplate }: TinyGgufOptions = {}): void {
  const tokens = [...SPECIAL_TOKENS, ...byteCharacters(), 'th'];
  const random = uniform(seed);
  const tensors = tensorShapes(tokens.length).map(([name, shape]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const values = new Float32Array(size);
    for (let at = 0; at < size; at += 1) values[at] = shape.length === 1 ? 1 : (random() - 0.5) * 0.6;
    return { name, shape, data: Buffer.from(values.buffer) };
  });
  const fields: [string, Buffer][] = [
    ['general.architecture', string('llama')],
    ['general.name', string('tiny')],
    ['llama.context_length', uint32(TRAINED_CONTEXT)],
    ['llama.embedding_length', uint32(HIDDEN)],
    ['llama.block_count', uint32(1)],
    ['llama.feed_forward_length', uint32(FEED_FORWARD)],
    ['llama.attention.head_count', uint32(HEADS)],
    ['llama.attention.head_count_kv', uint32(HEADS)],
    ['llama.attention.layer_norm_rms_epsilon', typed(FLOAT32, float32(1e-5))],
    ['llama.rope.dimension_count', uint32(HIDDEN / HEADS)],
    ['llama.vocab_size', uint32(tokens.length)],
    ['general.file_type', uint32(0)],
    ['tokenizer.ggml.model', string('gpt2')],
    ['tokenizer.ggml.pre', string('smollm')],
    ['tokenizer.ggml.tokens', array(STRING, tokens.map(bareString))],
    [
      'tokenizer.ggml.token_type',
      array(
        INT32,
        tokens.map((token) => bare32(SPECIAL_TOKENS.includes(token) ? CONTROL_TOKEN : NORMAL_TOKEN)),
      ),
    ],
    ['tokenizer.ggml.merges', array(STRING, [bareString('t h')])],
    ['tokenizer.ggml.bos_token_id', uint32(0)],
    ['tokenizer.ggml.eos_token_id', uint32(0)],
    ['tokenizer.ggml.add_bos_token', typed(BOOL, Buffer.from([addBos ? 1 : 0]))],
    ...(chatTemplate === undefined ? [] : [['tokenizer.chat_template', string(chatTemplate)] as [string, Buffer]]),
  ];

  const header = [Buffer.from('GGUF'), bare32(3), bare64(tensors.length), bare64(fields.length)];
  const metadata = fields.map(([name, value]) => Buffer.concat([bareString(name), value]));
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    const dimensions = tensor.shape.map((length) => bare64(length));
    infos.push(bareString(tensor.name), bare32(dimensions.length), ...dimensions, bare32(0), bare64(offset));
    data.push(tensor.data, padding(tensor.data.length));
    offset += tensor.data.length + padding(tensor.data.length).length;
  }
  const head = Buffer.concat([...header, ...metadata, ...infos]);
  writeFileSync(path, Buffer.concat([head, padding(head.length), ...data]));
}

/** Fastest-changing dimension first, as GGUF has it. */
function tensorShapes(vocabulary: number): [string, number[]][] {
  const square = [HIDDEN, HIDDEN];
  return [
    ['token_embd.weight', [HIDDEN, vocabulary]],
    ['output.weight', [HIDDEN, vocabulary]],
    ['output_norm.weight', [HIDDEN]],
    ['blk.0.attn_norm.weight', [HIDDEN]],
    ['blk.0.attn_q.weight', square],
    ['blk.0.attn_k.weight', square],
    ['blk.0.attn_v.weight', square],
    ['blk.0.attn_output.weight', square],
    ['blk.0.ffn_norm.weight', [HIDDEN]],
    ['blk.0.ffn_gate.weight', [HIDDEN, FEED_FORWARD]],
    ['blk.0.ffn_up.weight', [HIDDEN, FEED_FORWARD]],
    ['blk.0.ffn_down.weight', [FEED_FORWARD, HIDDEN]],
  ];
}

/** The printable character that stands for each byte in GPT-2's vocabulary. */
function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(printable ? byte : next++);
  });
}

/** Mulberry32. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function bare32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function bare64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

const bareString = (text: string) => Buffer.concat([bare64(Buffer.byteLength(text)), Buffer.from(text)]);
const typed = (type: number, value: Buffer) => Buffer.concat([bare32(type), value]);
const string = (text: string) => typed(STRING, bareString(text));
const uint32 = (value: number) => typed(UINT32, bare32(value));
const array = (type: number, items: Buffer[]) =>
  typed(ARRAY, Buffer.concat([bare32(type), bare64(items.length), ...items]));
const padding = (length: number) => Buffer.alloc((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
