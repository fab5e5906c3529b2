/**
 * Keeps grpc-js silent: it writes lines such as `E Failed to connect to proxy` to standard error before the command can say what is
 * wrong in words of its own (temporal-server/connection-problem.ts). grpc-js reads the variable when it is loaded, so this module is
 * imported before the SDK. A user who sets GRPC_VERBOSITY gets its lines.
 */

process.env.GRPC_VERBOSITY ??= 'NONE';

export {};
