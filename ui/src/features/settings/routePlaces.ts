/** The ends of a route: a connection's name, and a repository's with at most one `*`. Pure. */
import type { RouteSetting } from "../../ipc";
import { tagPattern } from "../../shared/tags/tagPattern";

/** `GHCR vision/*`. */
export function shownPlace(place: string): string {
  return place.replace("/", " ");
}

export function splitPlace(place: string): { connection: string; repository: string } {
  const slash = place.indexOf("/");
  return slash < 0 ? { connection: "", repository: place } : { connection: place.slice(0, slash), repository: place.slice(slash + 1) };
}

/** It begins or ends there: without the connection it leads nowhere. */
export function usesConnection({ from, to }: RouteSetting, name: string): boolean {
  return [from, to].some((place) => splitPlace(place).connection.toLowerCase() === name.toLowerCase());
}

const repositoryPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

function wrongRepository(repository: string): string | null {
  if (repository === "") return "Name a repository, or write * for many";
  if (repository.split("*").length > 2) return "One * at most";
  return repositoryPattern.test(repository.replace("*", "x")) ? null : "Not the name of a repository";
}

export interface WrongRoute {
  name: string | null;
  from: string | null;
  to: string | null;
  tag: string | null;
}

/** What is wrong with a route, by its field. */
export function wrongRoute(route: RouteSetting, taken: readonly string[]): WrongRoute {
  const [from, to] = [splitPlace(route.from), splitPlace(route.to)];
  const stars = (repository: string) => repository.includes("*");
  const counterpart =
    stars(from.repository) && !stars(to.repository)
      ? "Write a * where what the other * stands for goes"
      : !stars(from.repository) && stars(to.repository)
        ? "The other end has no * to fill this one"
        : route.from.toLowerCase() === route.to.toLowerCase()
          ? "It leads where it comes from"
          : null;
  const name = route.name.trim();
  return {
    name: name === "" ? "A route needs a name" : taken.some((one) => one.toLowerCase() === name.toLowerCase()) ? "Already there" : null,
    from: from.connection === "" ? "Choose a connection" : wrongRepository(from.repository),
    to: to.connection === "" ? "Choose a connection" : (wrongRepository(to.repository) ?? counterpart),
    tag: tagPattern.test(route.tag) ? null : "Not a tag",
  };
}

export function isRight(wrong: WrongRoute): boolean {
  return Object.values(wrong).every((one) => one === null);
}
