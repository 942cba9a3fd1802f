import "../../chat/styles/tokens.css";
import "../base.css";
import "./reset.css";
import "./reset-app";
import { applyLook } from "../../chat/settings";

applyLook();
