/** Writes dist/cli/commands.json, from which the command prints help without loading a command (src/cli/help.ts). Runs after tsc. */
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const cli = join(__dirname, '../dist/cli');
const { createProgram } = require(join(cli, 'program.js'));
const { describeCommand } = require(join(cli, 'help.js'));

writeFileSync(join(cli, 'commands.json'), JSON.stringify(createProgram().commands.map(describeCommand)));
