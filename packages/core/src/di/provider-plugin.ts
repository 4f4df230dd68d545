import type { CONTRACT_VERSION, ProviderModule } from './provider-module.js';

/** One thing that is wrong with options, and where. */
export interface OptionsIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Without `issues` nothing is wrong. */
export interface CheckedOptions {
  readonly issues?: readonly OptionsIssue[] | undefined;
}

/**
 * What options must look like: a Standard Schema (standardschema.dev, version 1), as zod, Valibot and ArkType make them.
 * `jsonSchema` (Standard JSON Schema; zod 4.2 and later has it) tells editors and suggestions the names of the options.
 * In it `writeOnly: true` marks a secret, and `not: {}` what only code can give.
 */
export interface OptionsSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => CheckedOptions | Promise<CheckedOptions>;
    readonly jsonSchema?: {
      readonly input: (options: {
        readonly target: 'draft-07';
        readonly libraryOptions?: Record<string, unknown> | undefined;
      }) => Record<string, unknown>;
    };
  };
}

/**
 * What the package of a provider exports as `plugin`, so that a file of configuration can name the package. Its promise of
 * compatibility is in docs/plugin-contract.md.
 */
export interface ProviderPlugin<Options = unknown> {
  /** The contract the plugin was written for; another one than the gateway's is refused. */
  readonly contractVersion: typeof CONTRACT_VERSION;
  /** A closed object with an `id`, among others: a file may hold one plugin several times. */
  readonly optionsSchema: OptionsSchema;
  /**
   * The module of one provider. Opens nothing yet.
   * @param options as given, after the schema found nothing wrong, with `id`: the name that the module must have
   * @throws ConfigurationError for what the schema alone cannot tell
   */
  create(options: Options): ProviderModule | Promise<ProviderModule>;
}
