/** The simulated driver as the rest of the product sees it. */
export { demoSessionName, removeDeadDemos } from './demo-session.ts';
export { type SimulatedCpu, SimulatedDriver, type SimulatorResult } from './driver.ts';
export { planSimulator, type SimulatorOptions, type SimulatorPlan } from './options.ts';
export { processIo, runSimulator, type SimulatorIo } from './run.ts';
