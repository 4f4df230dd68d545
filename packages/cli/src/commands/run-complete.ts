import type { CompletionOptions, FinishReason, Receipt } from '@headrace/core';
import { AnswerPrinter } from '../answer-printer.js';
import type { CommandContext, RunCommand } from '../command-context.js';
import { completionDocument } from '../completion-document.js';
import { completionRequest } from '../completion-request.js';
import { type CompletionSettings, completionSettings, shortModel } from '../completion-settings.js';
import type { Connect, Connection } from '../connect.js';
import { emulatorPace } from '../emulator-pace.js';
import { EXIT } from '../exit-code.js';
import { plural } from '../figures.js';
import { jsonText } from '../json-text.js';
import { printStream } from '../print-stream.js';
import { type Progress, progressFor } from '../progress.js';
import { readPrompt } from '../read-prompt.js';
import { readSchema } from '../read-schema.js';
import { ReasoningPrinter } from '../reasoning-printer.js';
import { receiptLines } from '../receipt-lines.js';
import { type Reporting, reportFailure, reportNotWhole } from '../report-failure.js';
import { safeTerminalText } from '../safe-terminal-text.js';

const showReceipt = ({ stderr, paint }: CommandContext, settings: CompletionSettings, receipt: Receipt): void => {
  if (settings.quiet || !(stderr.isTerminal || settings.verbose)) return;
  for (const line of receiptLines(receipt, settings.verbose)) stderr.line(paint.err.dim(safeTerminalText(line)));
};

/** Whole by the protocol is not always whole for the reader. */
const exitFor = (reason: FinishReason | undefined, reporting: Reporting): number => {
  if (reason === 'length') {
    const remedy = 'Allow more with --max-output-tokens, or ask for a shorter answer.';
    return reportNotWhole('the answer stops at its limit of tokens', remedy, reporting);
  }
  if (reason === 'content-filter') {
    const remedy = 'Change the prompt, or take another model.';
    return reportNotWhole('a content filter ended the answer', remedy, reporting);
  }
  return EXIT.ok;
};

const completeAsText = async (
  connection: Connection,
  request: CompletionOptions<unknown>,
  settings: CompletionSettings,
  context: CommandContext,
  reporting: Reporting,
  progress: Progress,
): Promise<number> => {
  const { stdout, stderr } = context;
  const answer = new AnswerPrinter(stdout);
  const reasoning = settings.showReasoning ? new ReasoningPrinter(stderr, context.paint.err) : undefined;
  try {
    const stream = connection.gateway.stream(request);
    const { files } = await printStream(stream, context, answer, progress, reasoning);
    answer.finish();
    const receipt = await stream.receipt;
    showReceipt(context, settings, receipt);
    if (files.length > 0) {
      stderr.line(`headrace: the answer also holds ${plural(files.length, 'file')}; --json prints them too`);
    }
    return exitFor(receipt.finishReason, { ...reporting, partPrinted: answer.started });
  } catch (error) {
    progress.erase();
    reasoning?.end();
    answer.cut();
    return reportFailure(error, { ...reporting, partPrinted: answer.started });
  }
};

const completeAsDocument = async (
  connection: Connection,
  request: CompletionOptions<unknown>,
  settings: CompletionSettings,
  context: CommandContext,
  reporting: Reporting,
  progress: Progress,
): Promise<number> => {
  const completion = await connection.gateway.complete(request);
  progress.erase();
  const withOutput = settings.schemaFile !== undefined;
  const document = settings.json ? completionDocument(completion, withOutput) : completion.output;
  context.stdout.line(jsonText(document));
  showReceipt(context, settings, completion.receipt);
  return exitFor(completion.finishReason, { ...reporting, partPrinted: true });
};

/** The way to a gateway through a recorder. */
const recording = async (
  { connect, line, stderr }: CommandContext,
  { quiet }: CompletionSettings,
  folder: string,
): Promise<Connect> => {
  const { connectRecorded } = await import('../connect-recorded.js');
  const say = (text: string): void => {
    if (!quiet || text.startsWith('headrace:')) stderr.line(text);
  };
  return (options) => connectRecorded(connect, options, { folder, option: line.typed('record'), say });
};

/** `headrace complete`. */
export const runComplete: RunCommand = async (context) => {
  const { io, line, stdout, stderr, signal } = context;
  const settings = completionSettings(line, io.env);
  const schema =
    settings.schemaFile === undefined ? undefined : await readSchema(settings.schemaFile, line.typed('schema'));
  const prompt = await readPrompt(line.positionals, io, stderr, signal);
  const reporting: Reporting = { ...context, json: settings.json, verbose: settings.verbose };
  const progress = progressFor(stderr, io.clock, io.env, settings.quiet);
  let connection: Connection | undefined;
  try {
    progress.start(`waiting for ${safeTerminalText(shortModel(settings.model))}`);
    const asDocument = settings.json || schema !== undefined;
    const connect: Connect =
      settings.record === undefined ? context.connect : await recording(context, settings, settings.record);
    connection = await connect({
      env: io.env,
      emulator: settings.emulator,
      baseUrl: settings.baseUrl,
      config: settings.config,
      // A document is printed at its end: nobody would see it coming.
      tokensPerSecond: asDocument ? undefined : emulatorPace(stdout),
    });
    signal.throwIfAborted();
    const request = completionRequest(settings, prompt, schema, signal);
    const completeIt = asDocument ? completeAsDocument : completeAsText;
    return await completeIt(connection, request, settings, context, reporting, progress);
  } catch (error) {
    progress.erase();
    return await reportFailure(error, reporting);
  } finally {
    await connection?.close();
  }
};
