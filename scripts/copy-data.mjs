/** Copies what tsc leaves behind (prompts, sandbox children, report templates) from src to dist, and makes the command executable. */
import { chmodSync, cpSync, existsSync } from 'node:fs';
import { extname } from 'node:path';
import { statSync } from 'node:fs';

const data = new Set(['.yaml', '.cjs', '.html', '.css', '.py', '.json', '.sql', '.txt']);
// The page is bundled by bundle-page.mjs.
const wanted = (from) => from !== 'src/page' && (statSync(from).isDirectory() || data.has(extname(from)));
cpSync('src', 'dist', { recursive: true, filter: wanted });
if (existsSync('dist/cli/main.js')) chmodSync('dist/cli/main.js', 0o755);
