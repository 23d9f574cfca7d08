use std::fmt;
use anyhow::Context;
#[derive(Debug)] struct Declined { code: i32 }
impl fmt::Display for Declined { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, "card declined ({}), short of 47 cents\nretry later", self.code) } }
impl std::error::Error for Declined {}
fn charge() -> Result<(), Declined> { Err(Declined { code: 51 }) }
fn settle() -> anyhow::Result<()> { charge().context("charge of w-2")?; Ok(()) }
fn settle_eyre() -> eyre::Result<()> { use eyre::WrapErr; charge().wrap_err("charge of w-2")?; Ok(()) }
fn settle_stack() -> error_stack::Result<(), Declined> { use error_stack::ResultExt; charge().map_err(error_stack::Report::from).attach_printable("wallet w-2") }
#[derive(Debug)] struct Batch; impl fmt::Display for Batch { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { f.write_str("batch 78 failed") } } impl std::error::Error for Batch {}
fn a() -> anyhow::Result<()> { settle().with_context(|| "batch 78 failed") }
fn b() -> eyre::Result<()> { use eyre::WrapErr; settle_eyre().wrap_err("batch 78 failed") }
fn main() {
    env_logger::Builder::new().filter_level(log::LevelFilter::Info).init();
    let arg = std::env::args().nth(1).unwrap();
    log::info!("batch 78 start");
    fn rep<E: fmt::Debug>(r: Result<(), E>) { if let Err(e) = r { eprintln!("Error: {e:?}"); std::process::exit(1) } }
    match arg.as_str() {
        "anyhow" => rep(a()), "anyhow1" => rep(settle()),
        "anyhowlog" => { if let Err(e) = a() { log::error!("settle: {e:?}") } log::info!("next"); }
        "anyhowhash" => { if let Err(e) = a() { log::error!("settle: {e:#}") } log::info!("next"); }
        "eyre" => rep(b()),
        "color" => { color_eyre::install().unwrap(); rep(b()) }
        "colorpanic" => { color_eyre::install().unwrap(); let v: Vec<i32> = vec![]; println!("{}", v[3]); }
        "stack" => { use error_stack::ResultExt; rep(settle_stack().change_context(Batch)) }
        "logpanic" => { log_panics::init(); let v: Vec<i32> = vec![]; println!("{}", v[3]); }
        _ => {}
    }
}
