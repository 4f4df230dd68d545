/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const transform = {
  '\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        // No metadata: a missing @inject must fail here as it does for users of esbuild.
        transform: { legacyDecorator: true, decoratorMetadata: false },
      },
      module: { type: 'es6' },
    },
  ] as [string, Record<string, unknown>],
};

const banNetwork = '<rootDir>/../../scripts/jest-network-ban.mjs';
const watchCanaries = '<rootDir>/../testing/src/__fixtures__/canaries/set-up.ts';

const project = (name: string): Exclude<NonNullable<Config['projects']>[number], string> => ({
  displayName: name,
  // Without <rootDir> this would be taken from the current folder.
  rootDir: `<rootDir>/packages/${name}`,
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  setupFiles: ['reflect-metadata'],
  setupFilesAfterEnv: [banNetwork, watchCanaries],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@headrace/core/plugin$': '<rootDir>/../core/src/plugin.ts',
    '^@headrace/wire/(server|unary)$': '<rootDir>/../wire/src/$1.ts',
    '^@headrace/provider-vercel/data/(.*)$': '<rootDir>/../provider-vercel/data/$1',
    '^@headrace/([a-z-]+)$': '<rootDir>/../$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform,
});

const config: Config = {
  coverageProvider: 'babel',
  projects: [
    ...['core', 'wire', 'provider-vercel', 'vercel-emulator', 'testing', 'otel', 'cli'].map(project),
    { displayName: 'scripts', rootDir: '<rootDir>/scripts', testMatch: ['<rootDir>/*.test.mjs'], transform: {} },
  ],
};

export default config;
