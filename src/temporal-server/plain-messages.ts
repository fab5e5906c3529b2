/**
 * Messages of Temporal's workflow service that plain calls (plain-call.ts) send and read. Field numbers are those of
 * temporal/api/workflowservice/v1/request_response.proto and workflow/v1/message.proto; they never change.
 */
import { Reader, Writer } from 'protobufjs/minimal';

/** Numbers of temporal.api.enums.v1.WorkflowExecutionStatus, by position. */
const STATUSES = [
  'UNSPECIFIED',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
  'PAUSED',
] as const;

export interface PlainPayload {
  /** Such as `json/plain`; empty if nothing tells it. */
  encoding: string;
  data: Uint8Array;
}

/** A workflow as a list of workflows tells of it; the fields are called as the SDK calls them. */
export interface PlainWorkflow {
  workflowId: string;
  runId: string;
  taskQueue: string;
  status: (typeof STATUSES)[number];
  startTime: Date;
  closeTime?: Date;
  memo: Record<string, PlainPayload>;
}

export interface PlainPage {
  workflows: PlainWorkflow[];
  /** Asks for the next page; empty on the last one. */
  next: Uint8Array;
}

const STRING = 2;
const field = (number: number) => (number << 3) | STRING;

export function describeNamespace(namespace: string): Uint8Array {
  return Writer.create().uint32(field(1)).string(namespace).finish();
}

export function listWorkflows(namespace: string, query: string, pageSize: number, next: Uint8Array): Uint8Array {
  const written = Writer.create()
    .uint32(field(1))
    .string(namespace)
    .uint32(2 << 3)
    .int32(pageSize);
  return written.uint32(field(3)).bytes(next).uint32(field(4)).string(query).finish();
}

/** @throws RangeError when the bytes are no such message */
export function readWorkflows(answer: Uint8Array): PlainPage {
  const page: PlainPage = { workflows: [], next: new Uint8Array() };
  eachField(answer, {
    1: (reader) => page.workflows.push(readWorkflow(reader.bytes())),
    2: (reader) => (page.next = reader.bytes()),
  });
  return page;
}

function readWorkflow(message: Uint8Array): PlainWorkflow {
  const workflow: PlainWorkflow = {
    workflowId: '',
    runId: '',
    taskQueue: '',
    status: 'UNSPECIFIED',
    startTime: new Date(0),
    memo: {},
  };
  eachField(message, {
    1: (reader) =>
      eachField(reader.bytes(), {
        1: (inner) => (workflow.workflowId = inner.string()),
        2: (inner) => (workflow.runId = inner.string()),
      }),
    3: (reader) => (workflow.startTime = readTime(reader.bytes())),
    4: (reader) => (workflow.closeTime = readTime(reader.bytes())),
    5: (reader) => (workflow.status = STATUSES[reader.int32()] ?? 'UNSPECIFIED'),
    10: (reader) =>
      eachField(reader.bytes(), {
        1: (inner) => {
          const [name, payload] = readEntry(inner.bytes(), readPayload);
          if (payload) workflow.memo[name] = payload;
        },
      }),
    13: (reader) => (workflow.taskQueue = reader.string()),
  });
  return workflow;
}

function readTime(message: Uint8Array): Date {
  let ms = 0;
  eachField(message, {
    1: (reader) => (ms += Number(reader.int64()) * 1000),
    2: (reader) => (ms += Math.floor(reader.int32() / 1e6)),
  });
  return new Date(ms);
}

function readPayload(message: Uint8Array): PlainPayload {
  const payload: PlainPayload = { encoding: '', data: new Uint8Array() };
  eachField(message, {
    1: (reader) => {
      const [name, value] = readEntry(reader.bytes(), (bytes) => Buffer.from(bytes).toString());
      if (name === 'encoding') payload.encoding = value ?? '';
    },
    2: (reader) => (payload.data = reader.bytes()),
  });
  return payload;
}

/** An entry of a map is a message of its name and its value. */
function readEntry<T>(message: Uint8Array, read: (value: Uint8Array) => T): [name: string, value: T | undefined] {
  let name = '';
  let value: T | undefined;
  eachField(message, {
    1: (reader) => (name = reader.string()),
    2: (reader) => (value = read(reader.bytes())),
  });
  return [name, value];
}

function eachField(message: Uint8Array, fields: Record<number, (reader: Reader) => unknown>): void {
  const reader = Reader.create(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const read = fields[tag >>> 3];
    if (read) read(reader);
    else reader.skipType(tag & 7);
  }
}
