/**
 * Messages of Temporal's workflow service that plain calls (plain-call.ts) send and read, with the fields that are needed. Their numbers are
 * those of temporal/api/workflowservice/v1/request_response.proto and workflow/v1/message.proto; they never change.
 */
import { parse } from 'protobufjs';

const { root } = parse(`
  syntax = "proto3";
  message DescribeNamespaceRequest { string namespace = 1; }
  message ListRequest { string namespace = 1; int32 page_size = 2; bytes next = 3; string query = 4; }
  message ListResponse { repeated Workflow workflows = 1; bytes next = 2; }
  message Workflow {
    Execution execution = 1;
    Timestamp start_time = 3;
    Timestamp close_time = 4;
    Status status = 5;
    Memo memo = 10;
    string task_queue = 13;
  }
  message Execution { string workflow_id = 1; string run_id = 2; }
  message Timestamp { int64 seconds = 1; int32 nanos = 2; }
  message Memo { map<string, Payload> fields = 1; }
  message Payload { map<string, bytes> metadata = 1; bytes data = 2; }
  enum Status {
    UNSPECIFIED = 0; RUNNING = 1; COMPLETED = 2; FAILED = 3; CANCELLED = 4;
    TERMINATED = 5; CONTINUED_AS_NEW = 6; TIMED_OUT = 7; PAUSED = 8;
  }
`);

export interface PlainPayload {
  metadata: { encoding?: Uint8Array };
  data: Uint8Array;
}

interface Timestamp {
  seconds: number;
  nanos: number;
}

/** A workflow as a list of workflows tells of it. */
interface PlainWorkflow {
  execution: { workflowId: string; runId: string };
  startTime: Timestamp;
  closeTime: Timestamp | null;
  /** Called as the SDK calls it, such as `RUNNING`. */
  status: string;
  memo: { fields: Record<string, PlainPayload> } | null;
  taskQueue: string;
}

export interface PlainPage {
  workflows: PlainWorkflow[];
  /** Asks for the next page; empty on the last one. */
  next: Uint8Array;
}

const encode = (type: string, message: object): Uint8Array => {
  const known = root.lookupType(type);
  return known.encode(known.create(message)).finish();
};

export const describeNamespace = (namespace: string): Uint8Array => encode('DescribeNamespaceRequest', { namespace });

export const listWorkflows = (namespace: string, query: string, pageSize: number, next: Uint8Array): Uint8Array =>
  encode('ListRequest', { namespace, query, pageSize, next });

/** @throws RangeError when the bytes are no such message */
export function readWorkflows(answer: Uint8Array): PlainPage {
  const known = root.lookupType('ListResponse');
  return known.toObject(known.decode(answer), { longs: Number, enums: String, defaults: true }) as PlainPage;
}

export const dateOf = ({ seconds, nanos }: Timestamp): Date => new Date(seconds * 1000 + Math.floor(nanos / 1e6));
