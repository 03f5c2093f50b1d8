//! The least that a window of this toolkit costs: what Berth's own is measured against. It shows an empty page, served as Berth serves
//! its own; without any page the web view would not even start.

fn main() {
    let context = tauri::generate_context!();
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let page = tauri::http::Response::builder().header("Content-Type", "text/html");
            page.body(b"<!doctype html><title>Empty</title>".to_vec())
                .expect("a response")
        })
        .setup(|app| {
            let address = tauri::WebviewUrl::CustomProtocol("empty://localhost/".parse().expect("an address"));
            tauri::WebviewWindowBuilder::new(app, "main", address)
                .title("Empty")
                .inner_size(1280.0, 800.0)
                .build()?;
            Ok(())
        })
        .run(context)
        .expect("a window");
}
