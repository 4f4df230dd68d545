import { CALL_MUTANTS } from './__fixtures__/mutants/all-mutants.js';
import { describeMutants } from './__fixtures__/mutants/describe-mutants.js';

describeMutants('the mutants of the conformance suite that make, lose or leave a call in the wrong way', CALL_MUTANTS);
