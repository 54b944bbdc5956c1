// Only engines without ES modules run this file (`nomodule`), so it stays in ES5.
window.location.replace('/too-old.html');
