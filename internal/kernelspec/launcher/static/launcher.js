// A card in JupyterLab's launcher that opens a new notebook with the template in it.
//
// JupyterLab loads an extension as a container of webpack's module federation: an object with init, which is given what
// JupyterLab shares, and get, which answers with a factory of the module. So few lines need no bundler:
// https://webpack.js.org/concepts/module-federation/
(() => {
  const template = new URL('template.ipynb', document.currentScript.src);
  let shared = {};

  // token returns what JupyterLab exports under a name, or null where this front end has no such thing.
  const token = async (pack, name) => {
    const version = Object.values(shared[pack] ?? {})[0];
    return version ? (await version.get())()[name] ?? null : null;
  };

  const open = async (app, cwd) => {
    const answer = await fetch(template);
    if (!answer.ok) throw new Error(`the template cannot be read: ${answer.status} ${answer.statusText}`);
    const content = await answer.json();
    const contents = app.serviceManager.contents;
    const { path } = await contents.newUntitled({ path: cwd ?? '', type: 'notebook' });
    await contents.save(path, { type: 'notebook', format: 'json', content });
    return app.commands.execute('docmanager:open', { path, factory: 'Notebook', kernel: { name: content.metadata.kernelspec.name } });
  };

  const plugin = launcher => ({
    id: 'neuronsteer:launcher',
    description: 'A first notebook of the kernel Go (neuronsteer).',
    autoStart: true,
    optional: launcher ? [launcher] : [],
    activate: (app, launcher) => {
      const command = 'neuronsteer:new-from-template';
      app.commands.addCommand(command, {
        label: 'First steps (neuronsteer)',
        caption: 'A new notebook: a behavior, its neurons, and what is left without them',
        execute: ({ cwd }) => open(app, cwd),
      });
      launcher?.add({
        command,
        category: 'Notebook',
        rank: 1,
        kernelIconUrl: `${app.serviceManager.serverSettings.baseUrl}kernelspecs/neuronsteer/logo-svg.svg`,
      });
    },
  });

  (window._JUPYTERLAB ??= {}).neuronsteer = {
    init: scope => { shared = scope; },
    get: async () => {
      const launcher = await token('@jupyterlab/launcher', 'ILauncher');
      return () => ({ __esModule: true, default: plugin(launcher) });
    },
  };
})();
