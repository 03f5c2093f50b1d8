/** What kinds are called where the program sends their short names: in the filter. Rows bring their label with them. */
const names: Readonly<Record<string, string>> = {
  image: "Image",
  modelpack: "ModelPack",
  modelkit: "ModelKit",
  "docker-model": "Docker model",
  ollama: "Ollama",
  helm: "Helm chart",
  signature: "Signature",
  sbom: "SBOM",
  attestation: "Attestation",
  wasm: "WASM",
  other: "Other",
};

export function kindName(kind: string): string {
  return names[kind] ?? kind;
}
