import type { Gateway, JsonSchema, Receipt } from '@headrace/core';
import type { CommandContext, RunCommand } from '../command-context.js';
import { DEFAULT_MODEL } from '../completion-settings.js';
import { emulatorPace } from '../emulator-pace.js';
import { complaintLines, gatewayComplaint } from '../error-lines.js';
import { EXIT } from '../exit-code.js';
import { jsonText } from '../json-text.js';
import { ModelsTable } from '../models-table.js';
import { progressFor } from '../progress.js';
import { receiptFacts } from '../receipt-lines.js';
import { safeTerminalText } from '../safe-terminal-text.js';
import { textTable } from '../text-table.js';
import { sampleModels } from '../tour-models.js';
import { tourUpstream } from '../tour-upstream.js';
import { WrappedText, wrappedLines } from '../wrapped-text.js';

const MAX_WIDTH = 88;
const INDENT = '   ';
const SAMPLE_SIZE = 5;

const PROMPT = 'In two sentences: what is the headrace of a water mill?';
const MISSPELT = 'openai/gpt-6-lunar';
const RIVER_PROMPT = 'Describe a large river.';
const RIVER_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    lengthKm: { type: 'integer', minimum: 1 },
    countries: { type: 'array', items: { type: 'string' }, minItems: 1 },
  },
  required: ['name', 'lengthKm', 'countries'],
  additionalProperties: false,
};

/** The headings and indented lines of the tour. */
class Screen {
  private step = 0;

  constructor(private readonly context: CommandContext) {}

  get width(): number {
    return Math.min(this.context.stdout.columns ?? MAX_WIDTH, MAX_WIDTH);
  }

  heading(title: string): void {
    this.step += 1;
    this.context.stdout.line();
    this.context.stdout.line(this.context.paint.out.bold(`${this.step}  ${title}`));
  }

  line(text: string, paint: (text: string) => string = (plain) => plain): void {
    this.context.stdout.line(INDENT + paint(safeTerminalText(text)));
  }
}

const streamAnswer = async (gateway: Gateway, context: CommandContext, screen: Screen): Promise<Receipt> => {
  screen.heading('A prompt in, tokens out as they come');
  screen.line(`> ${PROMPT}`, context.paint.out.cyan);
  const stream = gateway.stream({ model: DEFAULT_MODEL, prompt: PROMPT, signal: context.signal });
  const text = new WrappedText(context.stdout, INDENT, screen.width);
  const progress = progressFor(context.stderr, context.io.clock, context.io.env, false);
  progress.start(`${INDENT}waiting for ${DEFAULT_MODEL}`);
  try {
    for await (const event of stream) {
      if (event.type === 'reasoning-delta') progress.relabel(`${INDENT}thinking`);
      if (event.type !== 'text-delta') continue;
      progress.erase();
      text.put(event.text);
    }
  } finally {
    progress.erase();
    text.finish();
  }
  return stream.receipt;
};

const showReceipt = (receipt: Receipt, screen: Screen): void => {
  screen.heading('The receipt of that call');
  for (const [label, fact] of receiptFacts(receipt)) screen.line(`${label.padEnd(14)}${fact}`);
};

const showModels = async (gateway: Gateway, context: CommandContext, screen: Screen): Promise<void> => {
  const models = await gateway.models({ signal: context.signal });
  screen.heading(`Some of ${models.length} models, with limits and prices`);
  const room = context.stdout.columns === undefined ? undefined : context.stdout.columns - INDENT.length;
  const sample = sampleModels(models, SAMPLE_SIZE);
  const list = new ModelsTable(sample, context.io.clock.epochMs());
  const table = textTable(
    sample,
    list.columns.filter(({ title }) => title !== 'type'),
    room,
  );
  screen.line(table.header, context.paint.out.dim);
  for (const row of table.rows) screen.line(row);
  const [prices] = list.legend([...table.shed, 'can']);
  for (const line of prices === undefined ? [] : wrappedLines(prices, room)) screen.line(line, context.paint.out.dim);
};

const showOutput = async (gateway: Gateway, context: CommandContext, screen: Screen): Promise<void> => {
  screen.heading('A schema in, a validated value out');
  screen.line(`> ${RIVER_PROMPT}`, context.paint.out.cyan);
  screen.line('schema: name, a text; lengthKm, a whole number; countries, a list of texts', context.paint.out.dim);
  const { output } = await gateway.complete({
    model: DEFAULT_MODEL,
    prompt: RIVER_PROMPT,
    output: RIVER_SCHEMA,
    signal: context.signal,
  });
  for (const line of jsonText(output).split('\n')) screen.line(line, context.paint.out.green);
};

const showFailure = async (gateway: Gateway, context: CommandContext, screen: Screen): Promise<void> => {
  const { GatewayError } = await import('@headrace/core');
  screen.heading('When something is wrong: a misspelt model');
  screen.line(`> model ${MISSPELT}`, context.paint.out.cyan);
  try {
    await gateway.complete({ model: MISSPELT, prompt: PROMPT, signal: context.signal });
    screen.line(`${MISSPELT} exists by now, so this once there is no error to show.`);
  } catch (error) {
    if (context.signal.aborted || !GatewayError.is(error) || error.failureClass !== 'model-not-found') throw error;
    const same = (text: string): string => text;
    for (const line of complaintLines(gatewayComplaint(error, same, same, false))) screen.line(line);
  }
};

const showNext = (context: CommandContext, emulator: boolean): void => {
  const { io, stdout, paint } = context;
  // Inside the repository the command is not on the PATH, but npm is.
  const command = io.env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'headrace';
  const keyless = emulator ? ' --emulator' : '';
  stdout.line();
  stdout.line(paint.out.bold('Try next'));
  for (const rest of [`complete${keyless} "Tell me about rivers"`, 'models --filter claude', 'help complete']) {
    stdout.line(`${INDENT}${command} ${rest}`);
  }
};

/** `headrace tour`. */
export const runTour: RunCommand = async (context) => {
  const { io, line, stdout, paint } = context;
  const { emulator, announcement } = tourUpstream(io.env, line.has('emulator'));
  stdout.line(paint.out.bold(announcement));
  const connection = await context.connect({ env: io.env, emulator, tokensPerSecond: emulatorPace(stdout) });
  try {
    const screen = new Screen(context);
    const receipt = await streamAnswer(connection.gateway, context, screen);
    showReceipt(receipt, screen);
    await showModels(connection.gateway, context, screen);
    await showOutput(connection.gateway, context, screen);
    await showFailure(connection.gateway, context, screen);
    showNext(context, emulator);
    return EXIT.ok;
  } finally {
    await connection.close();
  }
};
