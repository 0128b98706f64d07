'use strict';
/* Loaded before every measured process: writes the most memory it ever held, in KiB, to PEAK_FILE. */
const { PEAK_FILE: file } = process.env;
delete process.env.PEAK_FILE;
process.on('exit', () => require('node:fs').writeFileSync(file, String(process.resourceUsage().maxRSS)));
