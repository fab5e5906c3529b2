/**
 * Lets Node keep compiled code in the user's cache folder, so that the next command starts in two thirds of the time. The folder belongs to
 * the user alone: Node's own default, in the folder for temporary files, could be filled by others. Where it cannot be written, nothing
 * is kept. `NODE_DISABLE_COMPILE_CACHE=1` switches it off.
 *
 * The variable hands it on to threads and child processes: the SDK's thread that runs workflow code, and the one in which node-llama-cpp
 * tries its binary, load a fifth of a second of code each.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { userFolder } from '../../files/user-folders';

const { directory } = enableCompileCache(join(userFolder('cache'), 'compiled'));
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
