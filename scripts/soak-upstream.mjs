// The upstream of the soak, in a process of its own so that its memory is not counted. Answers by the prompt's first word.
import { createServer } from 'node:http';
import process from 'node:process';

const head = { id: 'gen_01K0000000000000000000000', object: 'chat.completion.chunk', created: 1790000000, model: 'm' };

/** @param {object} delta @param {string | null} finish_reason @param {object} [more] */
const frame = (delta, finish_reason = null, more = {}) =>
  `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...more })}\n\n`;

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.000001 };
const first = frame({ role: 'assistant' }) + frame({ content: 'one ' });
const rest = `${frame({ content: 'two' })}${frame({}, 'stop', { usage })}data: [DONE]\n\n`;

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text) => {
    body += text;
  });
  request.on('end', () => {
    const prompt = /** @type {{ messages: { content: string }[] }} */ (JSON.parse(body)).messages[0]?.content;
    if (prompt === 'fail') {
      response.writeHead(503, { 'content-type': 'application/json' });
      response.end('{"error":{"message":"try again shortly","type":"service_unavailable_error"}}');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (prompt === 'finish') response.end(first + rest);
    else response.write(first); // 'abort': the rest never comes
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});
process.on('disconnect', () => process.exit(0));
