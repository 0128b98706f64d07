import { readdirSync } from 'node:fs';
import { describe } from 'mocha';
import { testAtOnce } from '../support/at-once.js';
import { playTranscript } from '../support/transcript.js';

const FOLDER = new URL('../cases/cli/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));

describe('sessions at the command line', () => {
  testAtOnce(FILES, (file) => file.replace('.txt', '').replaceAll('-', ' '), (file, workplace) => playTranscript(`cli/${file}`, workplace));
});
