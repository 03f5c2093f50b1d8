/** Keys and what they do. */
export { type ActionId, actions, fixedKeys, keysOf } from "./actions";
export { combinationOf, displayCombination } from "./combination";
export { KeysProvider, useAction, useCanRun, useKeyName, useKeyNames, useRunAction } from "./KeysProvider";
export { useEscape } from "./useEscape";
