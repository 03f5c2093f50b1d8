//! The real window, driven as a person would.

mod session;

#[tokio::test(flavor = "multi_thread")]
async fn try_it() {
    let desktop = session::Desktop::start().await;
    let window = desktop.open().await;
    std::fs::write("/tmp/window.png", window.screenshot().await).unwrap();
    println!("{}", window.evaluate("return [navigator.userAgent, innerWidth, innerHeight]").await);
    window.close().await;
}
