"use strict";
(async () => {
  const main = document.getElementById("reference");
  const make = (tag, props, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const document_ = await (await fetch("/api/v1/openapi.json")).json();
  const resolve = (schema) =>
    schema && schema.$ref ? document_.components.schemas[schema.$ref.split("/").pop()] : schema;
  const typeOf = (schema) => {
    if (!schema) return "any";
    if (schema.$ref) return schema.$ref.split("/").pop();
    if (schema.enum) return schema.enum.join(" | ");
    if (schema.oneOf) return schema.oneOf.map(typeOf).join(" | ");
    if (schema.type === "array") return typeOf(schema.items) + "[]";
    const type = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type || "any";
    return schema.format ? `${type} (${schema.format})` : type;
  };
  const table = (head, rows) =>
    make("table", {},
      make("tr", {}, ...head.map((cell) => make("th", { textContent: cell }))),
      ...rows.map((row) => make("tr", {}, ...row.map((cell, at) =>
        make("td", {}, at === 0 ? make("code", { textContent: cell }) : cell || "")))));
  const members = (schema) => {
    const found = resolve(schema);
    const parts = found && found.allOf ? found.allOf.map(resolve) : [found];
    return parts.filter(Boolean).flatMap((part) =>
      Object.entries(part.properties || {}).map(([name, member]) =>
        [name, typeOf(member), member.description || ""]));
  };
  const tags = new Map();
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = (operation.tags || ["other"])[0];
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag).push({ path, method, operation });
    }
  }
  for (const [tag, operations] of tags) {
    main.append(make("h2", { textContent: tag }));
    for (const { path, method, operation } of operations) {
      const inside = make("div", { className: "inside" });
      if (operation.description) inside.append(make("p", { textContent: operation.description }));
      if (operation.parameters && operation.parameters.length) {
        inside.append(make("h3", { textContent: "Parameters" }), table(["Name", "In", "Type", "Meaning"],
          operation.parameters.map((one) => [one.name, one.in, typeOf(one.schema), one.description])));
      }
      const body = operation.requestBody && operation.requestBody.content["application/json"];
      if (body) {
        const schema = body.schema.oneOf ? body.schema.oneOf.find((one) => one.$ref) : body.schema;
        inside.append(make("h3", { textContent: "Body" }), table(["Field", "Type", "Meaning"], members(schema)));
      }
      const success = Object.entries(operation.responses).find(([status]) => status.startsWith("2"));
      if (success) {
        const envelope = resolve(success[1].content["application/json"].schema);
        inside.append(make("h3", { textContent: "Answer: data" }),
          table(["Field", "Type", "Meaning"], members(envelope.properties.data)));
      }
      inside.append(make("h3", { textContent: "Statuses" }), table(["Status", "Meaning"],
        Object.entries(operation.responses).map(([status, one]) => [status, one.description])));
      main.append(make("details", { id: operation.operationId },
        make("summary", {},
          make("span", { className: `method ${method}`, textContent: method.toUpperCase() }),
          make("span", { className: "path", textContent: path }),
          make("span", { className: "what", textContent: operation.summary || "" })),
        inside));
    }
  }
})();
