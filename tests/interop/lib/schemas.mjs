// The official JSON schemas, and what the messages of a server must be under them.
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';

export const versions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'];

const resultOf = {
  initialize: 'InitializeResult',
  ping: 'EmptyResult',
  'server/discover': 'DiscoverResult',
  'tools/list': 'ListToolsResult',
  'tools/call': 'CallToolResult',
  'resources/list': 'ListResourcesResult',
  'resources/templates/list': 'ListResourceTemplatesResult',
  'resources/read': 'ReadResourceResult',
  'completion/complete': 'CompleteResult',
  'subscriptions/listen': 'SubscriptionsListenResult',
  'logging/setLevel': 'EmptyResult',
};
const notificationOf = {
  'notifications/progress': 'ProgressNotification',
  'notifications/cancelled': 'CancelledNotification',
  'notifications/subscriptions/acknowledged': 'SubscriptionsAcknowledgedNotification',
};
// What a client that declared the extension may be sent besides; of tests/mcp-schema/ext-tasks.json.
const tasksResultOf = {
  'tasks/get': 'GetTaskResult',
  'tasks/update': 'UpdateTaskResult',
  'tasks/cancel': 'CancelTaskResult',
};
const errorOf = {
  '-32020': 'HeaderMismatchError',
  '-32021': 'MissingRequiredClientCapabilityError',
  '-32022': 'UnsupportedProtocolVersionError',
};

const compiled = new Map();

// The validator of one version's messages; made once, for it takes a while.
export function messageSchemas(version) {
  if (!compiled.has(version)) compiled.set(version, new MessageSchemas(version));
  return compiled.get(version);
}

class MessageSchemas {
  constructor(version) {
    const text = readFileSync(new URL(`../../mcp-schema/${version}.json`, import.meta.url), 'utf8');
    this.schema = JSON.parse(text);
    this.definitions = this.schema.$defs ?? this.schema.definitions;
    this.place = this.schema.$defs ? '$defs' : 'definitions';
    // The official schemas use keywords beside $ref and `type` unions freely.
    const Validator = this.schema.$defs ? Ajv2020 : Ajv;
    this.ajv = new Validator({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema(this.schema, version);
    this.version = version;
    if (version >= '2026-07-28') {
      const tasks = readFileSync(new URL('../../mcp-schema/ext-tasks.json', import.meta.url), 'utf8');
      this.ajv.addSchema(JSON.parse(tasks), 'ext-tasks');
    }
  }

  faultsAsTask(definition, value) {
    const validate = this.ajv.getSchema(`ext-tasks#/$defs/${definition}`);
    if (!validate) return [`the tasks extension has no ${definition}`];
    return validate(value) ? [] : [`not a ${definition}: ${this.ajv.errorsText(validate.errors, { dataVar: '' }).slice(0, 400)}`];
  }

  // A task's own result is one of tools/call.
  faultsInTask(task) {
    const result = task.result === undefined ? [] : this.faultsAs('CallToolResult', task.result);
    return ['ttl', 'pollInterval', 'task', 'requestState'].filter((name) => name in task).map((name) => `a task with ${name}`).concat(result);
  }

  has(definition) {
    return definition in this.definitions;
  }

  faultsAs(definition, value) {
    const validate = this.ajv.getSchema(`${this.version}#/${this.place}/${definition}`);
    if (!validate) return [`${this.version} has no ${definition}`];
    return validate(value) ? [] : [`not a ${definition}: ${this.ajv.errorsText(validate.errors, { dataVar: '' }).slice(0, 400)}`];
  }

  // What is wrong with one message that a server sent. `methodOf(id)` is the method of the request with that id.
  faultsIn(message, methodOf) {
    if (Array.isArray(message)) {
      return this.has('JSONRPCBatchResponse') ? this.faultsAs('JSONRPCBatchResponse', message)
        .concat(message.flatMap((one) => this.faultsIn(one, methodOf))) : ['a batch'];
    }
    const faults = this.faultsAs('JSONRPCMessage', withReadableId(message, this));
    if ('method' in message) {
      if (message.method === 'notifications/tasks') {
        return faults.concat(this.faultsAsTask('TaskStatusNotification', message), this.faultsInTask(message.params));
      }
      const definition = notificationOf[message.method];
      return definition ? faults.concat(this.faultsAs(definition, message)) : [...faults, `unexpected ${message.method}`];
    }
    if ('error' in message) {
      const definition = errorOf[message.error.code];
      return definition ? faults.concat(this.faultsAs(definition, message)) : faults;
    }
    const method = methodOf(message.id);
    if (message.result.resultType === 'task' && method === 'tools/call') {
      return faults.concat(this.faultsAsTask('CreateTaskResult', message.result), this.faultsInTask(message.result));
    }
    if (method in tasksResultOf) {
      return faults.concat(this.faultsAsTask(tasksResultOf[method], message.result), this.faultsInTask(message.result));
    }
    const definition = resultOf[method];
    return definition ? faults.concat(this.faultsAs(definition, message.result))
      : [...faults, `a result for ${JSON.stringify(message.id)}, which was not asked`];
  }
}

// Up to 2025-06-18 the schemas have no form for an error whose request could not be read; JSON-RPC 2.0, which those
// versions follow, says null.
function withReadableId(message, schemas) {
  const optional = schemas.has('JSONRPCErrorResponse');
  return 'error' in message && message.id === null && !optional ? { ...message, id: 0 } : message;
}

// A validator of a tool's own schema, under the dialect that MCP makes the default.
export function compile(schema) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  addFormats(ajv);
  return ajv.compile(schema);
}
