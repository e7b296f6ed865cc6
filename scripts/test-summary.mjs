// Prints `N passed, N failed, N skipped` from vitest's JSON report; fails when it says that something failed or nothing ran.
import { readFileSync } from "node:fs";

const text = readFileSync(process.argv[2], "utf8");
const report = text === "" ? { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 1 } : JSON.parse(text);
const passed = report.numPassedTests;
const failed = report.numFailedTests + (report.numFailedTests === 0 ? report.numFailedTestSuites : 0);
const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0 || passed === 0) process.exitCode = 1;
