/** The address of a link if it leads to the web; everything else (scripts, files, other programs) is no link. */
export function webAddress(address: string | null | undefined): string | null {
  if (address === null || address === undefined) return null;
  try {
    const parsed = new URL(address);
    const web = parsed.protocol === "https:" || parsed.protocol === "http:";
    // A user name in front of the host only serves to make it look like another one.
    return web && parsed.username === "" && parsed.password === "" ? parsed.href : null;
  } catch {
    return null;
  }
}
