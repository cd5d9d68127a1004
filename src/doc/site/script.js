// Search and the choice of light or dark. Works from a file: nothing is loaded but `search.js`, which is there already.
"use strict";
{
    const root = document.body.dataset.root;
    const input = document.querySelector("input[type=search]");
    const found = document.getElementById("found");
    const theme = document.documentElement.dataset;

    // A browser may refuse to remember anything for pages from files.
    const remembered = () => { try { return localStorage.getItem("forge-theme"); } catch { return null; } };
    const remember = (value) => { try { localStorage.setItem("forge-theme", value); } catch { } };
    if (remembered()) theme.theme = remembered();
    document.querySelector("header button").addEventListener("click", () => {
        const isDark = theme.theme ? theme.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        theme.theme = isDark ? "light" : "dark";
        remember(theme.theme);
    });

    // The better a heading fits, the higher it stands; the text below it counts least.
    const score = ([title, page, , text], words) => {
        let sum = 0;
        const [lower, all] = [title.toLowerCase(), `${title} ${page} ${text}`.toLowerCase()];
        for (const word of words) {
            if (lower === word) sum += 100;
            else if (lower.split(".").includes(word)) sum += 60;
            else if (lower.startsWith(word)) sum += 40;
            else if (lower.includes(word)) sum += 20;
            else if (all.includes(word)) sum += 5;
            else return 0;
        }
        return sum;
    };

    const entry = ([title, page, address, text]) => {
        const link = document.createElement("a");
        link.href = root + address;
        const small = document.createElement("small");
        small.textContent = title === page ? "" : `  ${page}`;
        const about = document.createElement("p");
        about.textContent = text;
        link.append(title, small, about);
        return link;
    };

    const search = () => {
        const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
        const hits = words.length === 0 ? [] : window.forgeIndex
            .map((it) => [score(it, words), it])
            .filter(([points]) => points > 0)
            .sort(([a], [b]) => b - a)
            .slice(0, 30);
        found.replaceChildren(...hits.map(([, it]) => entry(it)));
        found.firstChild?.classList.add("chosen");
        found.hidden = hits.length === 0;
    };

    const choose = (step) => {
        const links = [...found.children];
        const at = links.findIndex((it) => it.classList.contains("chosen"));
        const next = links[(at + step + links.length) % links.length];
        links[at]?.classList.remove("chosen");
        next?.classList.add("chosen");
        next?.scrollIntoView({ block: "nearest" });
    };

    input.addEventListener("input", search);
    input.addEventListener("focus", search);
    input.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown") choose(1);
        else if (event.key === "ArrowUp") choose(-1);
        else if (event.key === "Enter") found.querySelector(".chosen")?.click();
        else if (event.key === "Escape") { input.value = ""; search(); input.blur(); }
        else return;
        event.preventDefault();
    });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "/" || event.target === input) return;
        event.preventDefault();
        input.focus();
    });
    document.addEventListener("click", (event) => {
        if (event.target !== input) found.hidden = true;
    });
}
