import { DEFAULT_BASE_URL, vercel } from '@headrace/provider-vercel';
import type { Recorder } from '@headrace/testing';
import type { Connect, Connection, ConnectOptions } from './connect.js';
import { FixtureFolder } from './fixture-folder.js';

/** Where and how a call is written down. */
export interface RecordTerms {
  readonly folder: string;
  /** The option as it was typed. */
  readonly option: string;
  /** Says which file was written, and what could not be. */
  readonly say: (text: string) => void;
}

/**
 * The address that the provider would take without a recorder. Its own check comes first: it lets no key go in clear to
 * another machine, and to the provider a recorder is this machine.
 * @throws ConfigurationError
 */
const addressOf = ({ env, baseUrl }: ConnectOptions): URL => {
  vercel({ env, baseUrl });
  const asked = baseUrl ?? env['AI_GATEWAY_BASE_URL'] ?? '';
  return new URL(asked === '' ? DEFAULT_BASE_URL : asked);
};

/**
 * A connection that goes through a recorder on this machine: each exchange becomes a file, by the rules of
 * `headrace record`. Closing it waits until the last one is written.
 */
export const connectRecorded = async (
  connect: Connect,
  options: ConnectOptions,
  { folder: name, option, say }: RecordTerms,
): Promise<Connection> => {
  const base = addressOf(options);
  const folder = new FixtureFolder(name, option);
  await folder.prepare();
  const { startRecorder } = await import('@headrace/testing');
  const recorder: Recorder = await startRecorder({
    target: base.origin,
    onExchange: async (exchange) => say(`${await folder.write(exchange)}  ${exchange.answer.status}`),
    onFailure: (why) => say(`headrace: not recorded: ${why}`),
  });
  try {
    const connection = await connect({ ...options, baseUrl: `${recorder.url}${base.pathname}` });
    return {
      gateway: connection.gateway,
      close: async () => {
        try {
          await connection.close();
        } finally {
          await recorder.close();
        }
      },
    };
  } catch (error) {
    await recorder.close();
    throw error;
  }
};
