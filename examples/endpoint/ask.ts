// No SDK: a POST, and a stream of server-sent events in the form of OpenAI's chat completions.
const url = process.env.HUSKY_URL ?? 'http://127.0.0.1:8400/v1';
const question = process.argv.slice(2).join(' ') || 'How many meters taller is Mount Everest than K2?';

const response = await fetch(`${url}/chat/completions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.HUSKY_SERVE_KEY ?? ''}` },
  body: JSON.stringify({ model: 'husky', stream: true, messages: [{ role: 'user', content: question }] }),
});
if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`);

let rest = '';
for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
    const { choices, error } = JSON.parse(line.slice('data: '.length));
    if (error) throw new Error(error.message);
    const { reasoning_content: step, content: answer } = choices[0].delta;
    if (step) console.log(step.trim());
    if (answer) console.log('answer:', answer);
  }
}
