// Shows openapi.json: operations by tag, each with its parameters, bodies and answers. Text only, never markup.
'use strict';

(function () {
  function element(name, text, className) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function resolve(schema, api) {
    var name = schema && schema.$ref && schema.$ref.split('/').pop();
    return name ? api.components.schemas[name] : schema;
  }

  // A schema as an example-like value; `depth` ends recursive shapes.
  function shape(schema, api, depth) {
    var found = resolve(schema, api) || {};
    if (depth > 6) return '…';
    if (found.oneOf || found.anyOf) {
      var options = found.oneOf || found.anyOf;
      var named = options.filter(function (option) { return option.type !== 'null'; });
      return shape(named[0], api, depth + 1);
    }
    if (found.enum) return found.enum.join(' | ');
    if (found.items) return [shape(found.items, api, depth + 1)];
    if (found.properties) {
      var object = {};
      var required = found.required || [];
      Object.keys(found.properties).forEach(function (key) {
        object[required.indexOf(key) < 0 ? key + '?' : key] = shape(found.properties[key], api, depth + 1);
      });
      return object;
    }
    return [].concat(found.type || 'any').join(' | ');
  }

  function bodies(title, content, api, into) {
    Object.keys(content || {}).forEach(function (type) {
      into.appendChild(element('p', title + ' · ' + type));
      if (content[type].schema) {
        into.appendChild(element('pre', JSON.stringify(shape(content[type].schema, api, 0), null, 2)));
      }
    });
  }

  function operation(method, path, described, api) {
    var details = element('details');
    var summary = element('summary');
    summary.appendChild(element('span', method.toUpperCase(), 'method'));
    summary.appendChild(element('code', path));
    summary.appendChild(element('span', ' ' + (described.summary || ''), 'about'));
    details.appendChild(summary);
    if (described.description) details.appendChild(element('p', described.description));
    (described.parameters || []).forEach(function (parameter) {
      details.appendChild(element('p', parameter.in + ' parameter: ' + parameter.name));
    });
    if (described.requestBody) bodies('Request', described.requestBody.content, api, details);
    Object.keys(described.responses || {}).forEach(function (status) {
      var response = described.responses[status];
      var title = status + (response.description ? ' ' + response.description : '');
      if (response.content) bodies(title, response.content, api, details);
      else details.appendChild(element('p', title));
    });
    return details;
  }

  function show(api) {
    var tags = {};
    Object.keys(api.paths).sort().forEach(function (path) {
      Object.keys(api.paths[path]).forEach(function (method) {
        var described = api.paths[path][method];
        if (!described.responses) return;
        var tag = (described.tags || ['other'])[0];
        (tags[tag] = tags[tag] || []).push(operation(method, path, described, api));
      });
    });
    var main = document.getElementById('operations');
    main.textContent = '';
    Object.keys(tags).sort().forEach(function (tag) {
      main.appendChild(element('h2', tag));
      tags[tag].forEach(function (shown) { main.appendChild(shown); });
    });
  }

  fetch('/api/v1/openapi.json')
    .then(function (response) { return response.json(); })
    .then(show)
    .catch(function () {
      document.getElementById('operations').textContent = 'The description could not be loaded. Reload the page.';
    });
})();
