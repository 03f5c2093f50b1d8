/** What the connection dialog knows and does: the choices, the check of exactly these choices, saving. Secrets stay in this state and leave it with the dialog. */
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { CheckStep, ConnectionInfo, Problem, Provider } from "../../ipc";
import * as ipc from "../../ipc";
import { connectionKeys, connectionsQuery, startQuery } from "../../ipc/queries/connections";
import { keychainQuery } from "../../ipc/queries/settings";
import { type CheckOutcome, outcomeOf, stepTitle } from "./checkOutcome";
import {
  type Choices,
  choicesOf,
  draftOf,
  type FieldError,
  type FieldName,
  type Fields,
  fieldOfStep,
  missing,
  resolve,
  withProvider,
} from "./draft";

export interface ConnectionDraftState {
  fields: Fields;
  providerChosen: boolean;
  dockerLogins: readonly string[];
  keychain: { available: boolean; name: string; problem: Problem | null };
  /** What is missing for a check, shown only once a check was asked for; then the field that the check stopped at. */
  error: FieldError | null;
  busy: "check" | "save" | null;
  /** Of these very choices; null after any change. */
  steps: CheckStep[] | null;
  outcome: CheckOutcome | null;
  problem: Problem | null;
  change: (changed: Partial<Choices>) => void;
  chooseProvider: (provider: Provider) => void;
  check: () => Promise<CheckStep[] | null>;
  submit: () => Promise<void>;
}

/** What is wrong with a field; null: nothing. */
export function errorAt({ error }: ConnectionDraftState, field: FieldName): string | null {
  return error?.field === field ? error.words : null;
}

/** Its login has expired, or was for another session. */
export function needsLogin(connection: ConnectionInfo): boolean {
  return connection.loginState === "expired" || connection.loginState === "missing";
}

export function useConnectionDraft(connection: ConnectionInfo | null, onSaved: (saved: ConnectionInfo) => void): ConnectionDraftState {
  const queryClient = useQueryClient();
  const [choices, setChoices] = useState(() => choicesOf(connection));
  const [steps, setSteps] = useState<CheckStep[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<"check" | "save" | null>(null);
  const [asked, setAsked] = useState(false);
  const dockerLogins = useQuery(startQuery).data?.dockerLogins ?? noLogins;
  const keychain = useQuery(keychainQuery).data ?? assumedKeychain;
  const taken = (useQuery(connectionsQuery).data ?? []).filter((other) => other.id !== choices.id).map((other) => other.name);
  const guess = useGuess(choices.provider === null ? choices.address : "");
  const fields = resolve(choices, guess, dockerLogins, taken);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const replace = useCallback((update: (before: Choices) => Choices) => {
    running.current?.abort();
    setChoices(update);
    setSteps(null);
    setProblem(null);
  }, []);

  /** One thing at a time: what runs already is cancelled. */
  const run = async <T>(kind: "check" | "save", action: (signal: AbortSignal) => Promise<T>): Promise<T | null> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setBusy(kind);
    setProblem(null);
    try {
      const answer = await action(controller.signal);
      return controller.signal.aborted ? null : answer;
    } catch (error) {
      if (!ipc.isCancelled(error) && !controller.signal.aborted) setProblem(ipc.toProblem(error));
      return null;
    } finally {
      if (running.current === controller) setBusy(null);
    }
  };

  const check = async () => {
    setAsked(true);
    if (missing(fields, taken) !== null) return null;
    const answer = await run("check", (signal) => ipc.checkDraft(draftOf(fields, keychain.available), { signal }));
    if (answer !== null) setSteps(answer);
    return answer;
  };

  const save = async () => {
    const saved = await run("save", async (signal) => {
      const info = await ipc.saveConnection(draftOf(fields, keychain.available), { signal });
      const added = fields.pinned.filter((name) => !info.pinned.includes(name));
      if (added.length > 0) await ipc.pinRepositories(info.id, added);
      return info;
    });
    if (saved === null) return;
    await queryClient.invalidateQueries({ queryKey: connectionKeys.all });
    onSaved(saved);
  };

  /** Saves what a check of these choices found usable. What works only in part is shown first, and saved by a second press. */
  const submit = async () => {
    if (steps !== null) {
      if (outcomeOf(steps).blocking === null) await save();
      return;
    }
    const answer = await check();
    if (answer === null) return;
    const { blocking, lacking } = outcomeOf(answer);
    // Who logs in again has accepted before what the connection cannot do.
    if (blocking === null && (lacking.length === 0 || (connection !== null && needsLogin(connection)))) await save();
  };

  const outcome = steps === null ? null : outcomeOf(steps);
  return {
    fields,
    providerChosen: choices.provider !== null,
    dockerLogins,
    keychain,
    error: (asked ? missing(fields, taken) : null) ?? stoppedAt(outcome, fields),
    busy,
    steps,
    outcome,
    problem,
    change: (changed) => replace((before) => ({ ...before, ...changed })),
    chooseProvider: (provider) => replace((before) => withProvider(before, fields.provider, provider)),
    check,
    submit,
  };
}

/** The field that a check stopped at. */
function stoppedAt(outcome: CheckOutcome | null, fields: Fields): FieldError | null {
  const step = outcome?.blocking ?? null;
  const field = step === null ? null : fieldOfStep(step.step, fields);
  return step === null || field === null ? null : { field, words: stepTitle(step) };
}

const noLogins: readonly string[] = [];
/** Until the program has answered. */
const assumedKeychain = { available: true, name: "keychain", problem: null };

/** The provider that the program guesses from the address; asked when typing pauses. */
function useGuess(address: string): Provider {
  const [settled] = useDebouncedValue(address.trim(), 120);
  const guess = useQuery({
    queryKey: ["guessProvider", settled] as const,
    queryFn: () => ipc.guessProvider(settled),
    enabled: settled !== "",
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return settled === "" ? "other" : (guess.data ?? "other");
}
