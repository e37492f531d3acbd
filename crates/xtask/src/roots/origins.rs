//! The table of origins: a Rust expression that the core includes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use syn::{Expr, ExprArray, ExprLit, Lit};

/// A row of the table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Origin {
    pub name: String,
    /// The package, with its version.
    pub source: String,
    /// The day on which it was taken.
    pub date: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
}

/// Reads the table.
pub(super) fn read(path: &Path) -> Result<Vec<Origin>> {
    let text = fs::read_to_string(path);
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is not a table of origins", path.display()))
}

/// Writes the table.
pub(super) fn write(path: &Path, origins: &[Origin]) -> Result<()> {
    fs::write(path, print(origins)).with_context(|| format!("cannot write {}", path.display()))
}

fn parse(text: &str) -> Result<Vec<Origin>> {
    let table: ExprArray = syn::parse_str(text)?;
    table.elems.iter().map(row).collect()
}

fn row(row: &Expr) -> Result<Origin> {
    let Expr::Tuple(tuple) = row else {
        bail!("a row that is not a tuple");
    };
    let texts = tuple.elems.iter().map(|text| match text {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Ok(text.value()),
        _ => bail!("a value that is not text"),
    });
    let texts: [String; 4] = texts
        .collect::<Result<Vec<_>>>()?
        .try_into()
        .map_err(|_| anyhow!("a row without four texts"))?;
    let [name, source, date, sha256] = texts;
    Ok(Origin {
        name,
        source,
        date,
        sha256,
    })
}

fn print(origins: &[Origin]) -> String {
    let mut text = String::from(
        "// Name, package of origin, the day on which it was taken, and SHA-256. `cargo xtask roots` writes this.\n[\n",
    );
    for origin in origins {
        text.push_str("    (\n");
        for value in [&origin.name, &origin.source, &origin.date, &origin.sha256] {
            text.push_str(&format!("        {value:?},\n"));
        }
        text.push_str("    ),\n");
    }
    text.push_str("]\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_written_as_it_is_read() {
        let table = include_str!("../../../modelseal/roots/origins.rs");
        let origins = parse(table).unwrap();
        let names: Vec<_> = origins.iter().map(|origin| origin.name.as_str()).collect();
        assert_eq!(names, ["production", "staging", "github"]);
        assert_eq!(print(&origins), table);
    }
}
