// The same request in the words of three languages.

export const LANGUAGES = ["curl", "typescript", "python"] as const;
export type SnippetLanguage = (typeof LANGUAGES)[number];

export interface Call {
  method: "GET" | "POST";
  path: string;
  body?: Record<string, unknown>;
  /** The answer goes on until one leaves. */
  streams?: boolean;
}

/** Where the key comes from: one that was pasted, or the environment. */
export interface Access {
  origin: string;
  key: string;
}

/** What may stand in a header and between quotes of any of the languages. Everything else is no key. */
const KEY = /^[\w.-]{1,200}$/;

export const isKey = (text: string): boolean => KEY.test(text);

export function snippet(language: SnippetLanguage, call: Call, access: Access): string {
  return { curl, typescript, python }[language](call, { ...access, key: isKey(access.key) ? access.key : "" });
}

/** Quotes for a shell: an apostrophe ends them, stands alone, and begins them again. */
const shell = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;

function curl({ method, path, body, streams }: Call, { origin, key }: Access): string {
  const lines = [`curl${streams ? " -N" : ""}${method === "GET" ? "" : ` -X ${method}`} "${origin}/v1${path}"`, `-H "Authorization: Bearer ${key || "$FANFARE_API_KEY"}"`];
  if (body) lines.push(`-H "Content-Type: application/json"`, `-d ${shell(JSON.stringify(body))}`);
  return lines.join(" \\\n  ");
}

function typescript({ method, path, body, streams }: Call, { origin, key }: Access): string {
  const secret = key ? JSON.stringify(key) : "process.env.FANFARE_API_KEY";
  const url = `\`${origin}/v1${path.replace("$POST_ID", "${postId}")}\``;
  const head = [
    `const answer = await fetch(${url.includes("${") ? url : JSON.stringify(url.slice(1, -1))}, {`,
    ...(method === "GET" ? [] : [`  method: "${method}",`]),
    `  headers: {`,
    `    Authorization: \`Bearer \${key}\`,`,
    ...(body ? [`    "Content-Type": "application/json",`] : []),
    `  },`,
    ...(body ? [`  body: JSON.stringify(${JSON.stringify(body)}),`] : []),
    `});`,
  ];
  const tail = streams
    ? [`for await (const part of answer.body.pipeThrough(new TextDecoderStream())) console.log(part);`]
    : [`const { data, error } = await answer.json();`, `if (error) throw new Error(\`\${error.code}: \${error.message}\`);`, `console.log(data);`];
  return [`const key = ${secret};`, ...(url.includes("${") ? [`const postId = process.env.POST_ID;`] : []), ...head, ...tail].join("\n");
}

function python({ method, path, body, streams }: Call, { origin, key }: Access): string {
  const named = path.includes("$POST_ID");
  const address = `${named ? "f" : ""}"${origin}/v1${path.replace("$POST_ID", "{post_id}")}"`;
  const imports = [...(key && !named ? [] : ["import os"]), "import requests"];
  return [
    ...imports,
    "",
    `key = ${key ? JSON.stringify(key) : `os.environ["FANFARE_API_KEY"]`}`,
    ...(named ? [`post_id = os.environ["POST_ID"]`] : []),
    `answer = requests.${method.toLowerCase()}(`,
    `    ${address},`,
    `    headers={"Authorization": f"Bearer {key}"},`,
    ...(body ? [`    json=${JSON.stringify(body)},`] : []),
    ...(streams ? [`    stream=True,`] : [`    timeout=30,`]),
    `)`,
    `answer.raise_for_status()`,
    ...(streams ? [`for line in answer.iter_lines(decode_unicode=True):`, `    print(line)`] : [`print(answer.json()["data"])`]),
  ].join("\n");
}
