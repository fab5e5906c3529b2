"""The settings of wasmtime. Compiled code fits only an engine with the same ones."""

import wasmtime

# Bytes of stack for the guest, of the 96 MiB that the server's shell sets.
STACK = 80 * 2**20


def engine():
    config = wasmtime.Config()
    config.wasm_exceptions = True
    # wasmtime refuses a larger stack than that of its coroutines, though none is used here.
    wasmtime._ffi.wasmtime_config_async_stack_size_set(config.ptr(), STACK)
    config.max_wasm_stack = STACK
    return wasmtime.Engine(config)
